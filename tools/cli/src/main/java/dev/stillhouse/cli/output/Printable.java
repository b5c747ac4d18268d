package dev.stillhouse.cli.output;

/**
 * Makes text from data safe to show. Characters that would control a terminal, reorder a line or be
 * invisible are written as {@code \}{@code u001b}, which is also their form inside a JSON string.
 *
 * <p>Escaped are the control characters of ISO 8859 but for line feed and tab, the bidirectional
 * controls of Unicode's annex 9, line and paragraph separators, byte order marks, tag characters,
 * and unpaired surrogates. Joiners stay: scripts and emoji need them.
 */
public final class Printable {
  private static final int TAGS = 0xE0000;
  private static final int TAGS_END = 0xE007F;

  private Printable() {}

  /** Returns {@code text} with all but its harmless characters escaped; lines stay lines. */
  public static String text(String text) {
    return escaped(text, false);
  }

  /** Returns {@code text} as part of one line: line feeds and tabs are escaped too. */
  public static String word(String text) {
    return escaped(text, true);
  }

  private static String escaped(String text, boolean oneLine) {
    if (text.codePoints().noneMatch(point -> harmful(point, oneLine))) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              if (harmful(point, oneLine)) {
                append(out, Character.toString(point));
              } else {
                out.appendCodePoint(point);
              }
            });
    return out.toString();
  }

  private static void append(StringBuilder out, String character) {
    for (int i = 0; i < character.length(); i++) {
      out.append(
          switch (character.charAt(i)) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            default -> String.format("\\u%04x", (int) character.charAt(i));
          });
    }
  }

  private static boolean harmful(int point, boolean oneLine) {
    if (point < 0x7F) {
      return point < ' ' && (oneLine || (point != '\n' && point != '\t'));
    }
    return Character.isISOControl(point)
        || point == 0x061C // Arabic letter mark
        || point == 0x200E // left-to-right mark
        || point == 0x200F
        || (point >= 0x2028 && point <= 0x202E) // separators, embeddings, overrides
        || (point >= 0x2066 && point <= 0x2069) // isolates
        || point == 0xFEFF // byte order mark
        || (point >= 0xFFF9 && point <= 0xFFFB) // interlinear annotations
        || (point >= TAGS && point <= TAGS_END)
        || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }
}
