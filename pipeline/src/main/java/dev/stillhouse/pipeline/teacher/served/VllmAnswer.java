package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads an answer of vLLM with prompt log-probs, in both of its forms: {@code /v1/completions} has
 * them in each choice, {@code /inference/v1/generate} at the top. An answer counts with its closing
 * brace only: servers that fail in the middle break the connection.
 *
 * @param prompts one for each prompt of the request, in its order
 * @param promptTokens tokens of all prompts together, as the server counts them; -1 if it does not
 * @param forced log-probs of ids asked for by name, base64 of a .npy file; empty if there are none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
record VllmAnswer(List<PromptScores> prompts, int promptTokens, byte[] forced) {
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
  private static final byte[][] CHOICE = names("prompt_logprobs", "prompt_token_ids", "index");
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
   * @param count prompts of the request
   * @param maxBytes longer answers are errors
   * @throws DataException if it is not whole, or not an answer with scores
   */
  static VllmAnswer read(InputStream in, int count, long maxBytes) throws IOException {
    JsonStream json = new JsonStream(in, maxBytes);
    PromptScores top = new PromptScores();
    List<PromptScores> choices = List.of();
    boolean atTop = false;
    int tokens = -1;
    byte[] forced = new byte[0];
    for (boolean more = json.begin('{', '}'); more; more = json.more('}')) {
      switch (json.key(TOP)) {
        case 0 -> atTop = scores(json, top);
        case 1 -> echo(json, top);
        case 2 -> choices = choices(json, count);
        case 3 -> tokens = usage(json);
        case 4, 5 -> throw DataException.of("the answer is an error, with status 200");
        case 6 -> forced = json.isNull() ? new byte[0] : json.bytes(MAX_FORCED);
        default -> json.skip();
      }
    }
    if (json.peek() >= 0) {
      throw json.wrong("the end of the answer");
    }
    List<PromptScores> prompts = atTop ? List.of(top) : choices;
    if (prompts.size() != count) {
      throw DataException.of(
          "the answer has scores of %d prompts, %d were asked", prompts.size(), count);
    }
    return new VllmAnswer(prompts, tokens, forced);
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

  /** Reads choices, which may stand in any order; those without scores are left out. */
  private static List<PromptScores> choices(JsonStream json, int count) throws IOException {
    List<PromptScores> found = new ArrayList<>();
    PromptScores[] byIndex = new PromptScores[count];
    for (boolean more = json.begin('[', ']'); more; more = json.more(']')) {
      PromptScores scores = new PromptScores();
      boolean scored = false;
      int index = 0;
      for (boolean field = json.begin('{', '}'); field; field = json.more('}')) {
        switch (json.key(CHOICE)) {
          case 0 -> scored = scores(json, scores);
          case 1 -> echo(json, scores);
          case 2 -> index = json.integer();
          default -> json.skip();
        }
      }
      if (!scored) {
        continue;
      }
      if (index >= count || byIndex[index] != null) {
        throw DataException.of("the answer has choice %d twice, or of %d", index, count);
      }
      byIndex[index] = scores;
      found.add(scores);
    }
    return found.size() < count ? found : List.of(byIndex);
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

  /** Reads the rows of a prompt; returns whether there are any. */
  private static boolean scores(JsonStream json, PromptScores scores) throws IOException {
    if (json.isNull()) {
      return false;
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
    return true;
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
