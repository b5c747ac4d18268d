package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Turns an answer that is there into statistics, as the teacher does with one that comes from a
 * server. A benchmark measures it.
 */
public final class ServedAlone {
  private static final long MAX_BYTES = 1L << 30;

  private ServedAlone() {}

  /**
   * Returns the statistics of an answer of vLLM, in either form.
   *
   * @param prompt the tokens that it scores; the last is no position
   */
  public static StatisticsBatch vllm(byte[] answer, int[] prompt, Selection selection)
      throws IOException {
    return statistics(
        VllmAnswer.read(new ByteArrayInputStream(answer), MAX_BYTES).prompt(), prompt, selection);
  }

  /** Returns the statistics of an answer of SGLang. */
  public static StatisticsBatch sglang(byte[] answer, int[] prompt, Selection selection)
      throws IOException {
    Question question = new Question(prompt, selection.spec().maxTop(), selection.forced());
    return statistics(
        SglangAnswer.read(new ByteArrayInputStream(answer), question, MAX_BYTES),
        prompt,
        selection);
  }

  private static StatisticsBatch statistics(
      PromptScores scores, int[] prompt, Selection selection) {
    int positions = prompt.length - 1;
    TokenBatch batch =
        new TokenBatch(0, positions, Arrays.copyOf(prompt, positions), new int[positions]);
    ServedRows rows = new ServedRows(batch, selection, 0);
    rows.add(new Window(0, positions, 0), prompt, scores);
    return rows.finish();
  }
}
