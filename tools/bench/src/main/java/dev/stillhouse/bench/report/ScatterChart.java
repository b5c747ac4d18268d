package dev.stillhouse.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws named points over two axes, from 0 to the right; some are joined by a line. */
public final class ScatterChart {
  private static final double HEIGHT = 360;
  private static final double LEFT = 50;
  private static final double RIGHT = Svg.WIDTH - 12;
  private static final double TOP = 30;
  private static final double BOTTOM = HEIGHT - 42;
  private static final double ZERO = BOTTOM - 14;

  private final String across;
  private final String upward;
  private final List<Point> points = new ArrayList<>();
  private final List<Integer> paths = new ArrayList<>();

  /**
   * A point.
   *
   * @param name that stands beside it
   * @param x above 0
   * @param y 0 or more
   * @param colour 0 to 4
   */
  public record Point(String name, double x, double y, int colour) {}

  /** Creates a chart with the names of its axes. */
  public ScatterChart(String across, String upward) {
    this.across = across;
    this.upward = upward;
  }

  /** Adds a point. */
  public ScatterChart point(Point point) {
    points.add(point);
    paths.add(-1);
    return this;
  }

  /** Adds points that are joined, from left to right. */
  public ScatterChart path(List<Point> joined) {
    int first = points.size();
    for (Point point : joined.stream().sorted(Comparator.comparingDouble(Point::x)).toList()) {
      points.add(point);
      paths.add(first);
    }
    return this;
  }

  /** Draws the chart: upward by powers of ten, with values of 0 on a line of their own below. */
  public Markup draw() {
    Markup chart = Svg.chart(HEIGHT, upward + " against " + across);
    Scale x = Scale.fromZero(max(points.stream().map(Point::x).toList()) * 1.1, 6, LEFT, RIGHT);
    List<Double> above = points.stream().map(Point::y).filter(y -> y > 0).toList();
    boolean zero = above.size() < points.size();
    double min = above.stream().min(Comparator.naturalOrder()).orElse(1.0);
    double max = above.isEmpty() ? 10 : max(above);
    Scale y = Scale.logarithmic(min, max, zero ? ZERO - 22 : BOTTOM, TOP);
    axes(chart, x, y, zero);
    Labels labels = new Labels(LEFT + 2, TOP - 10, Svg.WIDTH, BOTTOM - 1);
    double[] ys = new double[points.size()];
    for (int i = 0; i < ys.length; i++) {
      ys[i] = points.get(i).y() > 0 ? y.at(points.get(i).y()) : ZERO;
      labels.point(x.at(points.get(i).x()), ys[i]);
    }
    for (int i = 1; i < ys.length; i++) {
      if (paths.get(i) >= 0 && paths.get(i).equals(paths.get(i - 1))) {
        Point from = points.get(i - 1);
        List<Double> line = List.of(x.at(from.x()), ys[i - 1], x.at(points.get(i).x()), ys[i]);
        chart.add(Svg.path("l" + from.colour(), line));
        labels.line(line.get(0), line.get(1), line.get(2), line.get(3));
      }
    }
    for (int i = 0; i < ys.length; i++) {
      Point point = points.get(i);
      String told =
          point.name()
              + ": "
              + Scale.message(point.x())
              + " "
              + across
              + ", "
              + Scale.message(point.y());
      chart.add(Svg.dot("f" + point.colour(), x.at(point.x()), ys[i], told));
    }
    for (int i = 0; i < ys.length; i++) {
      labels.put(chart, x.at(points.get(i).x()), ys[i], points.get(i).name());
    }
    return chart;
  }

  private void axes(Markup chart, Scale x, Scale y, boolean zero) {
    chart.add(Svg.text("soft", 6, 14, upward));
    for (double tick : y.ticks(7)) {
      chart.add(Svg.line("grid", LEFT, y.at(tick), RIGHT, y.at(tick)));
      chart.add(Svg.text("soft end", LEFT - 6, y.at(tick) + 4, Scale.message(tick)));
    }
    if (zero) {
      chart.add(Svg.line("grid", LEFT, ZERO, RIGHT, ZERO));
      chart.add(Svg.text("soft end", LEFT - 6, ZERO + 4, "0"));
    }
    for (double tick : x.ticks(6)) {
      chart.add(Svg.line("grid", x.at(tick), TOP, x.at(tick), BOTTOM));
      chart.add(Svg.text("soft middle", x.at(tick), BOTTOM + 16, Scale.message(tick)));
    }
    chart.add(Svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM));
    chart.add(Svg.text("soft end", RIGHT, BOTTOM + 34, across));
  }

  private static double max(List<Double> values) {
    return values.stream().max(Comparator.naturalOrder()).orElse(1.0);
  }
}
