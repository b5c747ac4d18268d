package dev.stillhouse.bench.layouts;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws {@code generations.svg} from the table of its page: bytes a position against the largest
 * error. It needs no style sheet of a report, and follows the reader's colour scheme.
 */
final class GenerationsPicture {
  /** The picture's name, beside its page. */
  static final String NAME = "generations.svg";

  /**
   * Matches number, name, bytes a position of minigpt's and the n-gram's statistics, error in nats.
   */
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| (\\d+) \\[(\\w+)\\]\\([^)]*\\) \\| ([\\d.]+) \\| [\\d.]+ \\| ([\\d.]+) \\|");

  private static final String STYLE =
      """
      <style>
      text { font: 13px sans-serif; fill: #1c2733 } .soft { fill: #5b6773 } .end { text-anchor: end }
      .middle { text-anchor: middle } .back { fill: #ffffff } .grid { stroke: #aab4be; stroke-opacity: .4 }
      .way { stroke: #2a6fb0; stroke-opacity: .35; stroke-width: 2; fill: none } .dot { fill: #2a6fb0 }
      @media (prefers-color-scheme: dark) {
      text { fill: #e6e9ec } .soft { fill: #a0abb6 } .back { fill: #12161b } .dot { fill: #6fb3f2 }
      .way { stroke: #6fb3f2 } }
      </style>
      """;

  private static final double LEFT = 80;
  private static final double TOP = 40;
  private static final double WIDTH = 600;
  private static final double HEIGHT = 200;
  private static final int BYTES_LINES = 4;
  private static final int NATS_LINES = 3;

  private final StringBuilder out = new StringBuilder();
  private final List<Generation> generations;
  private final double bytesStep;
  private final double natsStep;

  private GenerationsPicture(List<Generation> generations) {
    this.generations = generations;
    double bytes = generations.stream().mapToDouble(Generation::bytes).max().orElse(0);
    double nats = generations.stream().mapToDouble(Generation::nats).max().orElse(0);
    bytesStep = 100 * Math.max(1, Math.ceil(bytes / (BYTES_LINES * 100)));
    natsStep = 0.004 * Math.max(1, Math.ceil(nats / (NATS_LINES * 0.004)));
  }

  private record Generation(String number, String name, double bytes, double nats) {
    String label() {
      return String.format(Locale.ROOT, "%s %s: %.0f", number, name, bytes);
    }
  }

  /** Returns the picture of a page's table. */
  static String draw(String page) {
    List<Generation> generations = new ArrayList<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      generations.add(
          new Generation(
              row.group(1),
              row.group(2),
              Double.parseDouble(row.group(3)),
              Double.parseDouble(row.group(4))));
    }
    GenerationsPicture picture = new GenerationsPicture(generations);
    picture.all();
    return picture.out.toString();
  }

  private double x(double bytes) {
    return LEFT + WIDTH * bytes / (bytesStep * BYTES_LINES);
  }

  private double y(double nats) {
    return TOP + HEIGHT * (1 - nats / (natsStep * NATS_LINES));
  }

  private void all() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 300\" role=\"img\""
            + " aria-label=\"Generations of layout: bytes a position against the largest error\">");
    out.append(STYLE);
    add("<rect class=\"back\" width=\"740\" height=\"300\" rx=\"8\"/>");
    grid();
    StringBuilder way = new StringBuilder();
    for (Generation one : generations) {
      way.append(way.isEmpty() ? "M" : "L");
      way.append(String.format(Locale.ROOT, "%.1f %.1f", x(one.bytes), y(one.nats)));
    }
    add("<path class=\"way\" d=\"%s\"/>", way);
    boolean above = true;
    for (Generation one : generations) {
      add("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", x(one.bytes), y(one.nats));
      // Neighbours may lie on one another: labels stand right above and left below by turns, since
      // the way leads from the lower right to the upper left.
      if (above) {
        text("", x(one.bytes) + 7, y(one.nats) - 9, one.label());
      } else {
        text("end", x(one.bytes) - 7, y(one.nats) + 19, one.label());
      }
      above = !above;
    }
    add("</svg>");
  }

  private void grid() {
    text("", LEFT - 60, 22, "largest error of a log-prob, nats");
    text("soft middle", LEFT + WIDTH / 2, TOP + HEIGHT + 42, "bytes a position, top-64 of 50,257");
    for (int line = 0; line <= BYTES_LINES; line++) {
      double x = x(line * bytesStep);
      add("<path class=\"grid\" d=\"M%.0f %.0fv%.0f\"/>", x, TOP, HEIGHT);
      text("soft middle", x, TOP + HEIGHT + 18, Integer.toString((int) (line * bytesStep)));
    }
    for (int line = 0; line <= NATS_LINES; line++) {
      double y = y(line * natsStep);
      add("<path class=\"grid\" d=\"M%.0f %.1fh%.0f\"/>", LEFT, y, WIDTH);
      text("soft end", LEFT - 8, y + 4, String.format(Locale.ROOT, "%.3f", line * natsStep));
    }
  }

  private void text(String style, double x, double y, String text) {
    add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, text);
  }

  @FormatMethod
  private void add(@FormatString String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
