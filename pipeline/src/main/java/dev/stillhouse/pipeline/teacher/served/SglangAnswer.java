package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer of SGLang's {@code /generate}. The best entries come as base64 ({@code
 * input_top_logprobs_val_flat_b64} and so on, with a shape that leaves out the first, null row), as
 * flat lists, or nested ({@code [log-prob, id, text]}); which of them shows in the answer alone. An
 * answer counts with its closing brace only.
 */
final class SglangAnswer {
  private static final byte[][] TOP = names("meta_info", "error", "message");
  private static final byte[][] META =
      names(
          "prompt_tokens",
          "input_token_logprobs",
          "input_top_logprobs",
          "input_top_logprobs_val_flat_b64",
          "input_top_logprobs_idx_flat_b64",
          "input_top_logprobs_val_flat_b64_dtype",
          "input_top_logprobs_idx_flat_b64_dtype",
          "input_top_logprobs_val_flat",
          "input_top_logprobs_idx_flat",
          "input_top_logprobs_shape",
          "input_top_logprobs_null_prefix",
          "input_token_ids_logprobs");
  private static final int MAX_DTYPE = 32;

  private final JsonStream json;
  private final Question question;
  private final int maxPacked;
  private boolean meta;
  private int promptTokens = -1;
  private @Nullable PromptScores targets;
  private @Nullable PromptScores nested;
  private @Nullable PromptScores forced;
  private byte @Nullable [] packedLogProbs;
  private byte @Nullable [] packedIds;
  private byte[] logProbType = new byte[0];
  private byte[] idType = new byte[0];
  private float @Nullable [] logProbs;
  private int @Nullable [] ids;
  private int[] shape = new int[0];
  private int nullPrefix;

  private SglangAnswer(InputStream in, Question question, long maxBytes) {
    this.json = new JsonStream(in, maxBytes);
    this.question = question;
    this.maxPacked = (int) Math.min(1 << 29, maxBytes);
  }

  private static byte[][] names(String... names) {
    return Arrays.stream(names)
        .map(name -> name.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }

  /**
   * Reads the scores of one prompt.
   *
   * @param maxBytes longer answers are errors
   * @throws DataException if it is not whole, or not an answer with scores
   */
  static PromptScores read(InputStream in, Question question, long maxBytes) throws IOException {
    SglangAnswer answer = new SglangAnswer(in, question, maxBytes);
    answer.read();
    return answer.scores();
  }

  private void read() throws IOException {
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      switch (json.key(TOP)) {
        case 0 -> meta();
        case 1, 2 -> throw DataException.of("the answer is an error, with status 200");
        default -> json.skip();
      }
    }
    if (json.peek() >= 0) {
      throw json.wrong("the end of the answer");
    }
    if (!meta) {
      throw new DataException("the answer has no meta_info; is it an SGLang server?");
    }
  }

  private void meta() throws IOException {
    meta = true;
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      switch (json.key(META)) {
        case 0 -> promptTokens = json.integer();
        case 1 -> targets = pairs();
        case 2 -> nested = rows();
        case 3 -> packedLogProbs = json.bytes(maxPacked);
        case 4 -> packedIds = json.bytes(maxPacked);
        case 5 -> logProbType = json.bytes(MAX_DTYPE);
        case 6 -> idType = json.bytes(MAX_DTYPE);
        case 7 -> logProbs = numbers();
        case 8 -> ids = integers();
        case 9 -> shape = integers();
        case 10 -> nullPrefix = json.integer();
        case 11 -> forced = rows();
        default -> json.skip();
      }
    }
  }

  /** Reads {@code [log-prob, id, text]} of each token of the prompt as a row of one entry. */
  private PromptScores pairs() throws IOException {
    PromptScores scores = new PromptScores();
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      scores.beginRow(true);
      pair(scores);
    }
    return scores;
  }

  /** Reads rows of such entries; a row may be null. */
  private PromptScores rows() throws IOException {
    PromptScores scores = new PromptScores();
    if (json.isNull()) {
      return scores;
    }
    for (boolean row = json.begin('[', ']'); row; row = json.more(']')) {
      if (json.isNull()) {
        scores.beginRow(false);
        continue;
      }
      scores.beginRow(true);
      for (boolean entry = json.begin('[', ']'); entry; entry = json.more(']')) {
        pair(scores);
      }
    }
    return scores;
  }

  private void pair(PromptScores scores) throws IOException {
    json.begin('[', ']');
    float logProb = json.number();
    json.expect(',');
    int id = json.integer();
    while (json.more(']')) {
      json.skip();
    }
    scores.add(id, logProb);
  }

  private float[] numbers() throws IOException {
    float[] values = new float[256];
    int count = 0;
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = json.number();
    }
    return Arrays.copyOf(values, count);
  }

  private int[] integers() throws IOException {
    int[] values = new int[256];
    int count = 0;
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = json.integer();
    }
    return Arrays.copyOf(values, count);
  }

  private PromptScores scores() {
    int tokens = question.prompt().length;
    if (promptTokens >= 0 && promptTokens != tokens) {
      throw DataException.of(
          "it scored %d tokens of a prompt of %d: a server with auto-truncate cuts long prompts",
          promptTokens, tokens);
    }
    PromptScores scores = entries();
    if (targets == null || targets.rows() != tokens || scores.rows() != tokens) {
      throw DataException.of(
          "the answer has %d rows of scores and %d of the prompt's own tokens, for a prompt of %d"
              + " tokens with %d entries each; a router on the way may have dropped what was asked",
          scores.rows(), targets == null ? 0 : targets.rows(), tokens, question.top());
    }
    int[] echoed = new int[tokens];
    float[] own = new float[tokens];
    for (int row = 0; row < tokens; row++) {
      echoed[row] = targets.id(row);
      own[row] = targets.logProb(row);
    }
    scores.echo(echoed);
    scores.targets(own);
    if (!question.forced().isEmpty()) {
      scores.forced(forced(tokens));
    }
    return scores;
  }

  /** Returns the rows of the best entries, in whichever form they came. */
  private PromptScores entries() {
    if (packedLogProbs != null && packedIds != null) {
      return flat(
          PackedScores.ints("input_top_logprobs_idx_flat_b64", packedIds, idType),
          PackedScores.floats("input_top_logprobs_val_flat_b64", packedLogProbs, logProbType));
    }
    if (logProbs != null && ids != null) {
      return flat(ids, logProbs);
    }
    if (nested != null) {
      return nested;
    }
    PromptScores none = new PromptScores();
    for (int row = 0; question.top() == 0 && row < question.prompt().length; row++) {
      none.beginRow(true);
    }
    return none;
  }

  private PromptScores flat(int[] flatIds, float[] flatLogProbs) {
    if (shape.length != 2
        || flatIds.length != (long) shape[0] * shape[1]
        || flatLogProbs.length != flatIds.length
        || nullPrefix > question.prompt().length) {
      throw DataException.of(
          "%d ids and %d log-probs do not fit the shape %s behind %d null rows",
          flatIds.length, flatLogProbs.length, Arrays.toString(shape), nullPrefix);
    }
    PromptScores scores = new PromptScores();
    for (int row = 0; row < nullPrefix; row++) {
      scores.beginRow(false);
    }
    scores.addRows(shape[0], shape[1], flatIds, flatLogProbs);
    return scores;
  }

  private float[] forced(int tokens) {
    int width = question.forced().length();
    PromptScores rows = forced;
    if (rows == null || rows.rows() != tokens) {
      throw new DataException("the answer has no log-probs of the forced ids");
    }
    float[] values = new float[tokens * width];
    Arrays.fill(values, Float.NaN);
    for (int row = 0; row < tokens; row++) {
      for (int e = rows.offset(row); e < rows.offset(row + 1); e++) {
        int at = Arrays.binarySearch(question.forced().toArray(), rows.id(e));
        if (at >= 0) {
          values[row * width + at] = rows.logProb(e);
        }
      }
    }
    return values;
  }
}
