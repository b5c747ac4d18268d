package dev.stillhouse.pipeline.teacher.served;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Writes the parts of a request's JSON. */
final class Text {
  private Text() {}

  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  static void ids(StringBuilder into, int[] ids) {
    char before = '[';
    for (int id : ids) {
      into.append(before).append(id);
      before = ',';
    }
    into.append(ids.length == 0 ? "[]" : "]");
  }
}
