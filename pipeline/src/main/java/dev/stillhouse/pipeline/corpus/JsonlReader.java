package dev.stillhouse.pipeline.corpus;

/** Reads .jsonl files: UTF-8, one JSON object a line, its text in one field. */
final class JsonlReader extends LineReader {
  private final String field;

  JsonlReader(String field, int longestLine) {
    super(longestLine);
    this.field = field;
  }

  @Override
  String text(FileSplit fileSplit, long document, String json) {
    String text;
    try {
      text = JsonLine.text(json, field);
    } catch (JsonLine.Refused e) {
      throw bad(fileSplit, document, "%s", e.rule());
    }
    // JSON can escape half a pair, which no UTF-8 text holds and no tokenizer can encode.
    int half = loneSurrogate(text);
    if (half >= 0) {
      throw bad(
          fileSplit,
          document,
          "field '%s' holds half a surrogate pair (\\u%04x) at character %d; repair the text",
          field,
          (int) text.charAt(half),
          half);
    }
    return text;
  }

  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }
}
