package dev.stillhouse.bench.report;

import java.util.List;
import java.util.Locale;

/** Parts that all charts are made of. Lengths are in the chart's own units, a letter is 12 high. */
final class Svg {
  /** Width of every chart, which scales with the window. */
  static final double WIDTH = 440;

  private static final double LETTER = 6.7; // Of a sans-serif at 12, on average, a little more.

  private Svg() {}

  /**
   * Returns an empty chart.
   *
   * @param description for readers who cannot see it
   */
  static Markup chart(double height, String description) {
    return Markup.of(
        "svg",
        "viewBox",
        "0 0 " + (int) WIDTH + " " + (int) height,
        "role",
        "img",
        "aria-label",
        description,
        "xmlns",
        "http://www.w3.org/2000/svg");
  }

  /** Returns the approximate width of a text. */
  static double width(String text) {
    return LETTER * text.length();
  }

  static Markup text(String style, double x, double y, String text) {
    return Markup.of("text", "class", style, "x", x, "y", y).text(text);
  }

  static Markup line(String style, double x1, double y1, double x2, double y2) {
    return Markup.of("line", "class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  static Markup dot(String style, double x, double y, String told) {
    return Markup.of("circle", "class", style, "cx", x, "cy", y, "r", 5.0)
        .add(Markup.of("title").text(told));
  }

  static Markup bar(String style, double x, double y, double width, double height, String told) {
    return Markup.of(
            "rect", "class", style, "x", x, "y", y, "width", Math.max(width, 0), "height", height)
        .add(Markup.of("title").text(told));
  }

  /** Returns a line through points, x and y in turn. */
  static Markup path(String style, List<Double> points) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i + 1 < points.size(); i += 2) {
      all.append(String.format(Locale.ROOT, "%.1f,%.1f ", points.get(i), points.get(i + 1)));
    }
    return Markup.of("polyline", "class", "path " + style, "points", all.toString().strip());
  }

  /** Writes names of series beside their colours, in a row from the left. */
  static void legend(Markup chart, List<String> names, List<String> styles, double y) {
    double x = 6;
    double line = y;
    for (int i = 0; i < names.size(); i++) {
      double wide = 24 + width(names.get(i));
      if (x + wide > WIDTH && x > 6) {
        x = 6;
        line += 17;
      }
      chart.add(Markup.of("circle", "class", styles.get(i), "cx", x, "cy", line - 4, "r", 5.0));
      chart.add(text("", x + 10, line, names.get(i)));
      x += wide;
    }
  }
}
