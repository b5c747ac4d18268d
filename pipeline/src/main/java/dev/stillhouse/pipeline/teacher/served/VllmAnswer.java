package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads an answer of vLLM with prompt log-probs, in both of its forms: {@code /v1/completions} has
 * them in each choice, {@code /inference/v1/generate} at the top. An answer counts with its closing
 * brace only: servers that fail in the middle break the connection.
 *
 * @param prompt what it says of the prompt: one is asked for at a time
 * @param promptTokens tokens of the prompt, as the server counts them; -1 if it does not
 * @param forced log-probs of ids asked for by name, base64 of a .npy file; empty if there are none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
record VllmAnswer(PromptScores prompt, int promptTokens, byte[] forced) {
  private static final int MAX_FORCED = 1 << 28; // bytes
  private static final byte[][] TOP =
      names(
          "prompt_logprobs",
          "prompt_token_ids",
          "choices",
          "usage",
          "error",
          "detail",
          "prompt_token_id_logprobs");
  private static final byte[][] CHOICE = names("prompt_logprobs", "prompt_token_ids");
  private static final byte[][] USAGE = names("prompt_tokens");
  private static final byte[][] ENTRY = names("logprob");

  private static byte[][] names(String... names) {
    return Arrays.stream(names)
        .map(name -> name.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }

  /**
   * Reads one.
   *
   * @param maxBytes longer answers are errors
   * @throws DataException if it is not whole, or not an answer with scores
   */
  static VllmAnswer read(InputStream in, long maxBytes) throws IOException {
    JsonStream json = new JsonStream(in, maxBytes);
    PromptScores scores = new PromptScores();
    int scored = 0;
    int tokens = -1;
    byte[] forced = new byte[0];
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      switch (json.key(TOP)) {
        case 0 -> scored += scores(json, scores);
        case 1 -> echo(json, scores);
        case 2 -> scored += choices(json, scores);
        case 3 -> tokens = usage(json);
        case 4, 5 -> throw DataException.of("the answer is an error, with status 200");
        case 6 -> forced = json.isNull() ? new byte[0] : json.bytes(MAX_FORCED);
        default -> json.skip();
      }
    }
    if (json.peek() >= 0) {
      throw json.wrong("the end of the answer");
    }
    if (scored != 1) {
      throw DataException.of("the answer has scores of %d prompts, 1 was asked", scored);
    }
    return new VllmAnswer(scores, tokens, forced);
  }

  private static int usage(JsonStream json) throws IOException {
    int tokens = -1;
    if (json.isNull()) {
      return tokens;
    }
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      if (json.key(USAGE) == 0) {
        tokens = json.integer();
      } else {
        json.skip();
      }
    }
    return tokens;
  }

  /** Reads choices; returns the number of those that have scores. */
  private static int choices(JsonStream json, PromptScores scores) throws IOException {
    int scored = 0;
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      for (boolean field = json.begin('{', '}'); field; field = json.more('}')) {
        switch (json.key(CHOICE)) {
          case 0 -> scored += scores(json, scores);
          case 1 -> echo(json, scores);
          default -> json.skip();
        }
      }
    }
    return scored;
  }

  private static void echo(JsonStream json, PromptScores scores) throws IOException {
    if (json.isNull()) {
      return;
    }
    int[] tokens = new int[64];
    int count = 0;
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * count);
      }
      tokens[count++] = json.integer();
    }
    scores.echo(Arrays.copyOf(tokens, count));
  }

  /** Reads the rows of a prompt; returns 1 if they are there, 0 for null. */
  private static int scores(JsonStream json, PromptScores scores) throws IOException {
    if (json.isNull()) {
      return 0;
    }
    for (boolean row = json.begin('[', ']'); row; row = json.more(']')) {
      if (json.isNull()) {
        scores.beginRow(false);
        continue;
      }
      scores.beginRow(true);
      for (boolean entry = json.begin('{', '}'); entry; entry = json.more('}')) {
        entry(json, scores);
      }
    }
    return 1;
  }

  private static void entry(JsonStream json, PromptScores scores) throws IOException {
    int id = json.idKey();
    float logProb = Float.NaN;
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      if (json.key(ENTRY) == 0) {
        logProb = json.number();
      } else {
        json.skip();
      }
    }
    scores.add(id, logProb);
  }
}
