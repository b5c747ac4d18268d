package dev.stillhouse.storage.loader.order;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Draws {@code docs/design/order.svg}: what orders look like, and what fewer rounds would. */
final class OrderPicture {
  private static final int SIDE = 40;
  private static final int N = SIDE * SIDE;
  private static final int TALL = 1_000_000;
  private static final double SQUARE = 200;
  private static final String STYLE =
      """
      <style>
      text { font: 12px sans-serif; fill: #1c2733 } .soft { fill: #5b6773 } .end { text-anchor: end }
      .middle { text-anchor: middle } .back { fill: #ffffff } .frame { fill: none; stroke: #aab4be }
      .points { stroke: #2a6fb0; stroke-linecap: round; stroke-opacity: .6; fill: none }
      .chance { fill: #2a6fb0; fill-opacity: .12 } .other { fill: #2a6fb0 } .three { fill: #c2570c }
      .four { fill: #7a3e9d } .grid { stroke: #aab4be; stroke-opacity: .4 }
      @media (prefers-color-scheme: dark) {
      text { fill: #e6e9ec } .soft { fill: #a0abb6 } .back { fill: #12161b } .frame { stroke: #56616c }
      .points { stroke: #6fb3f2 } .chance { fill: #6fb3f2; fill-opacity: .18 } .other { fill: #6fb3f2 }
      .three { fill: #ffa657 } .four { fill: #d2a8ff } }
      </style>
      """;

  private final StringBuilder out = new StringBuilder();

  private OrderPicture() {}

  static String draw() {
    OrderPicture picture = new OrderPicture();
    picture.all();
    return picture.out.toString();
  }

  private void all() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 520\" role=\"img\""
            + " aria-label=\"Orders as points, and how far orders of fewer rounds lie from chance\">");
    out.append(STYLE);
    add("<rect class=\"back\" width=\"740\" height=\"520\" rx=\"8\"/>");
    int[] global = Orders.global(N, 1, 0);
    int[] blocks = Orders.table(new BlockShuffle(N, 4, 100, 1, 0, Orders.DATA));
    int[] three = Orders.rounds(N, 3, 1, 0);
    points(20, 34, "global", "position", "record", p -> p * 5, p -> global[p] * 5, 40);
    points(250, 34, "blocks:4/100", "position", "record", p -> p * 5, p -> blocks[p] * 5, 40);
    String across = "column of the position";
    String up = "row of the record";
    IntUnaryOperator column = p -> p % SIDE * 200 + 100;
    points(20, 288, "3 rounds", across, up, column, p -> three[p] / SIDE * 200 + 100, 90);
    points(250, 288, "8 rounds", across, up, column, p -> global[p] / SIDE * 200 + 100, 90);
    deviations(520, 34, 200, 454);
    add("</svg>");
  }

  /** A square of points; across and up are in 1/40 of its units. */
  private void points(
      double left,
      double top,
      String title,
      String across,
      String up,
      IntUnaryOperator x,
      IntUnaryOperator y,
      int width) {
    text("", left, top - 8, title);
    text("soft end", left + SQUARE, top - 8, up + " up");
    text("soft middle", left + SQUARE / 2, top + SQUARE + 16, across);
    add("<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" width=\"200\" height=\"200\"/>", left, top);
    StringBuilder path = new StringBuilder();
    int lastX = 0;
    int lastY = 0;
    for (int p = 0; p < N; p++) {
      int dx = x.applyAsInt(p) - lastX;
      int dy = y.applyAsInt(p) - lastY;
      path.append("m").append(dx).append(dy < 0 ? "" : " ").append(dy).append("h0");
      lastX += dx;
      lastY += dy;
    }
    add(
        "<path class=\"points\" transform=\"translate(%.0f %.0f) scale(.025 -.025)\""
            + " stroke-width=\"%d\" d=\"%s\"/>",
        left, top + SQUARE, width * 2, path);
  }

  /** The deviations of all statistics by rounds; upward by powers of ten. */
  private void deviations(double left, double top, double width, double height) {
    text("", left - 28, top - 8, "sigma from chance, by rounds");
    double decade = height / 6.5;
    double bottom = top + height;
    add(
        "<rect class=\"chance\" x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\"/>",
        left, bottom - decade * Math.log10(5), width, decade * Math.log10(5));
    for (int power = 0; power <= 6; power++) {
      double y = bottom - power * decade;
      add("<path class=\"grid\" d=\"M%.0f %.1fh%.0f\"/>", left, y, width);
      text("soft end", left - 5, y + 4, power < 4 ? "" + (int) Math.pow(10, power) : "1e" + power);
    }
    for (int rounds = 1; rounds <= 8; rounds++) {
      double x = left + width * (rounds - 0.5) / 8;
      text("soft middle", x, bottom + 16, "" + rounds);
      int[] order = Orders.rounds(TALL, rounds, 7, 0);
      int[] next = Orders.rounds(TALL, rounds, 7, 1);
      for (OrderStatistic statistic : OrderStatistic.values()) {
        double deviation = Math.abs(statistic.of(order, next));
        double y = bottom - decade * Math.log10(Math.max(1, deviation));
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", style(statistic), x, y);
      }
    }
    key(left + 96, top + 52, "three", "made for 3");
    key(left + 96, top + 70, "four", "made for 4");
    key(left + 96, top + 88, "other", "the others");
    text("soft", left + 96, top + 106, "shaded: chance");
  }

  private void key(double x, double y, String style, String text) {
    add("<circle class=\"%s\" cx=\"%.0f\" cy=\"%.0f\" r=\"3.5\"/>", style, x + 4, y - 4);
    text("", x + 14, y, text);
  }

  private static String style(OrderStatistic statistic) {
    return switch (statistic) {
      case THREE_ROUNDS -> "three";
      case FOUR_ROUNDS -> "four";
      default -> "other";
    };
  }

  private void text(String style, double x, double y, String text) {
    add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, text);
  }

  @FormatMethod
  private void add(@FormatString String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
