package dev.stillhouse.pipeline.tokenizer;

/**
 * Finds where a text may be cut so that its parts, encoded one by one, give the ids of the whole.
 *
 * <p>Byte-pair merges never cross a boundary of the split pattern, so a cut is safe at a boundary
 * that does not depend on the text before or after. In the patterns of all {@link TiktokenModel}s
 * such a boundary lies after a letter or number that is followed by none, nor by a mark (o200k
 * takes marks into words) or an apostrophe (contractions): the runs of letters or numbers are
 * greedy and need no look ahead. After white space or punctuation it does not: these runs look
 * ahead, or take in the line ends that follow.
 *
 * <p>Only characters of the basic plane count, so that no pair is cut.
 */
final class CutPlaces {
  private CutPlaces() {}

  /** Returns the last safe cut in {@code text} at or after {@code from}; -1 if there is none. */
  static int last(CharSequence text, int from) {
    for (int i = text.length() - 1; i >= Math.max(from, 1); i--) {
      if (safe(text.charAt(i - 1), text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the first safe cut in {@code text} at or after {@code from}; -1 if there is none. */
  static int first(CharSequence text, int from) {
    for (int i = Math.max(from, 1); i < text.length(); i++) {
      if (safe(text.charAt(i - 1), text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean safe(char before, char after) {
    return wordLike(before) && !wordLike(after) && !joins(after);
  }

  private static boolean wordLike(char c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> Character.isLetter(c);
    };
  }

  private static boolean joins(char c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.SURROGATE,
          // Another library may know it as a mark.
          Character.UNASSIGNED ->
          true;
      default -> c == '\'' || c == '\u2019';
    };
  }
}
