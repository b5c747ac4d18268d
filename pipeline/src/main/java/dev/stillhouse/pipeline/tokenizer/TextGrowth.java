package dev.stillhouse.pipeline.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.DataException;

/**
 * Bounds how many times longer a tokenizer.json may make a text, by its replacements. The library
 * has no limit of its own: one letter that becomes a hundred thousand would take a machine's whole
 * memory, in one call that cannot be stopped.
 */
final class TextGrowth {
  /** Times that a text may grow. */
  static final int MAX = 1000;

  private TextGrowth() {}

  /**
   * Returns the bound of a file, 1 for nearly all.
   *
   * @throws DataException if it is above {@link #MAX}
   */
  static int of(TokenizerJson json) {
    check(json, "decoder");
    return check(json, "normalizer");
  }

  private static int check(TokenizerJson json, String part) {
    double times = of(json.root().path(part));
    if (times > MAX) {
      throw DataException.of(
          "tokenizer %s: its %s may make a text %.0f times longer; the limit is %d; is what it"
              + " replaces (Replace, Prepend) meant?",
          json.name(), part, times, MAX);
    }
    return (int) Math.ceil(times);
  }

  private static double of(JsonNode part) {
    double times = 1;
    for (String list : new String[] {"normalizers", "decoders"}) {
      for (JsonNode next : part.path(list)) {
        times *= of(next);
      }
    }
    int content = part.path("content").asText().length();
    switch (part.path("type").asText()) {
      case "Replace" -> {
        // What a regular expression matches may be one character.
        int matched = part.path("pattern").path("String").asText().length();
        times *= Math.max(1, (double) content / Math.max(1, matched));
      }
      case "Prepend" -> times *= Math.max(1, part.path("prepend").asText().length());
      default -> {}
    }
    return times;
  }
}
