package dev.stillhouse.storage.dataset.position;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the teacher said at one position, and where that is.
 *
 * @param segment of the position, -1 in padding
 * @param context text of the segment up to the position, or its end where it is long
 * @param result what was said
 */
public record PositionReport(
    long sequence, int position, int segment, String context, Result result) {
  private static final int CONTEXT_TOKENS = 48;

  /**
   * The result; its keys are promised to programs. Null stands for what the position does not have.
   *
   * @param normalisersAt by temperature; empty if the statistic has none
   */
  public record Result(
      int token,
      @Nullable Integer nextToken,
      @Nullable String nextText,
      @Nullable SegmentSource source,
      List<Entry> entries,
      @Nullable Float logTail,
      @Nullable Float entropy,
      @Nullable Float logNormaliser,
      @Nullable Float targetLogProb,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Float> normalisersAt) {}

  /** One kept entry, without the fields that the statistic does not have. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      int id,
      String text,
      float logProb,
      @Nullable List<Reason> reasons,
      @Nullable Integer count,
      @Nullable Float logProposal) {
    static Entry of(StatisticsBatch batch, int e, String text) {
      Provenance provenance = batch.provenance();
      return new Entry(
          batch.ids()[e],
          text,
          batch.logProbs()[e],
          provenance.reasons().length == 0 ? null : Reason.all(provenance.reasons()[e]),
          provenance.counts().length == 0 ? null : provenance.counts()[e],
          provenance.logProposals().length == 0 ? null : provenance.logProposals()[e]);
    }
  }

  /**
   * Reads one position of a dataset.
   *
   * @throws UsageException if the sequence has no such position
   * @throws dev.stillhouse.storage.DataException if it cannot be read
   */
  public static PositionReport of(Dataset dataset, long sequence, int position) {
    int length = dataset.manifest().sequenceLength();
    if (position < 0 || position >= length) {
      throw UsageException.of(
          "position %d: the sequence has positions 0 to %d", position, length - 1);
    }
    StatisticsBatch batch = dataset.read(sequence, 1, Projection.ALL);
    TokenTexts texts = TokenTexts.of(dataset);
    TokenBatch tokens = batch.tokens();
    List<Entry> entries = new ArrayList<>();
    for (int e = batch.offsets()[position]; e < batch.offsets()[position + 1]; e++) {
      entries.add(Entry.of(batch, e, texts.decode(batch.ids()[e])));
    }
    int target = tokens.target(position);
    boolean none = target == TokenBatch.NO_TARGET;
    SegmentSource source =
        tokens.padding(position)
            ? null
            : dataset.sources(sequence).sources().get(0).get(tokens.segments()[position]);
    Result result =
        new Result(
            tokens.tokens()[position],
            none ? null : target,
            none ? null : texts.decode(target),
            source,
            entries,
            orNull(batch.logTail()[position]),
            orNull(batch.entropy()[position]),
            orNull(batch.logNormaliser()[position]),
            orNull(batch.targetLogProb()[position]),
            normalisersAt(dataset, batch, position));
    return new PositionReport(
        sequence, position, tokens.segments()[position], context(texts, tokens, position), result);
  }

  private static Map<String, Float> normalisersAt(
      Dataset dataset, StatisticsBatch batch, int position) {
    List<Double> temperatures = dataset.statistic().normalisersAt();
    Map<String, Float> normalisers = new LinkedHashMap<>();
    for (int t = 0; t < temperatures.size(); t++) {
      float value = batch.further()[t][position];
      if (!Float.isNaN(value)) {
        normalisers.put(temperatures.get(t).toString(), value);
      }
    }
    return normalisers;
  }

  private static @Nullable Float orNull(float value) {
    return Float.isNaN(value) ? null : value;
  }

  private static String context(TokenTexts texts, TokenBatch tokens, int position) {
    int from = position;
    while (from > 0
        && position - from < CONTEXT_TOKENS
        && tokens.segments()[from - 1] == tokens.segments()[position]) {
      from--;
    }
    boolean cut = from > 0 && tokens.segments()[from - 1] == tokens.segments()[position];
    String text = texts.decode(Arrays.copyOfRange(tokens.tokens(), from, position + 1));
    return (cut ? "..." : "") + text;
  }
}
