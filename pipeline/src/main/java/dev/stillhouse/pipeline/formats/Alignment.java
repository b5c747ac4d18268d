package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import java.util.Arrays;
import java.util.Locale;

/** Which token a source's row of statistics describes. Ours describe the next one (law 1). */
@PublicApi
public enum Alignment {
  /** Row t describes token t+1; there may be a row for the last token, or none. */
  NEXT,
  /** Row t describes token t; the first row describes the first token, and is left out. */
  SELF,
  /** The last row describes the last token: rows of a completion alone, or all but the first. */
  END;

  /**
   * Reads the word.
   *
   * @throws UsageException if it is none
   */
  public static Alignment parse(String word) {
    return Arrays.stream(values())
        .filter(value -> value.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                UsageException.of(
                    "--alignment '%s': need next (row t describes token t+1), self (row t describes"
                        + " token t) or end (the last row describes the last token)",
                    word));
  }

  /** Returns the word on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the position at which the first row belongs, or -2 if this number of rows does not fit.
   *
   * @param tokens of the sequence
   * @param rows of statistics
   */
  int first(int tokens, int rows) {
    return switch (this) {
      case NEXT -> rows == tokens || rows == tokens - 1 ? 0 : -2;
      case SELF -> rows == tokens ? -1 : -2;
      case END -> rows <= tokens ? tokens - 1 - rows : -2;
    };
  }

  /** Returns the rule that {@link #first} keeps. */
  String rule(int tokens) {
    return switch (this) {
      case NEXT -> (tokens - 1) + " or " + tokens + " rows";
      case SELF -> tokens + " rows";
      case END -> "at most " + tokens + " rows";
    };
  }
}
