package dev.stillhouse.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws a line of each series for every name, from one value to another (hollow, then filled), all
 * on one axis by powers of ten.
 */
public final class RangeChart {
  private static final double TOP = 62;
  private static final double LINE = 17;
  private static final double LEFT = 14;
  private static final double RIGHT = Svg.WIDTH - 20;

  private final String unit;
  private final List<String> series;
  private final List<String> names = new ArrayList<>();
  private final List<List<Range>> ranges = new ArrayList<>();

  /**
   * Two values, both above 0.
   *
   * @param hollow the first
   * @param filled the second, no less
   */
  public record Range(double hollow, double filled) {}

  /** Creates a chart of at most five series. */
  public RangeChart(String unit, List<String> series) {
    this.unit = unit;
    this.series = List.copyOf(series);
  }

  /** Adds a name with a range of each series. */
  public RangeChart row(String name, List<Range> values) {
    names.add(name);
    ranges.add(List.copyOf(values));
    return this;
  }

  /** Draws the chart. */
  public Markup draw() {
    double row = 26 + LINE * series.size();
    double bottom = TOP + row * names.size();
    Markup chart = Svg.chart(bottom + 8, unit);
    List<String> styles = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      styles.add("f" + i);
    }
    Svg.legend(chart, series, styles, 14);
    double min = all().stream().mapToDouble(Range::hollow).min().orElse(1);
    double max = all().stream().mapToDouble(Range::filled).max().orElse(10);
    Scale x = Scale.logarithmic(min, max, LEFT, RIGHT);
    for (double tick : x.ticks(7)) {
      chart.add(Svg.line("grid", x.at(tick), TOP - 10, x.at(tick), bottom));
      chart.add(Svg.text("soft middle", x.at(tick), TOP - 15, Scale.message(tick)));
    }
    for (int i = 0; i < names.size(); i++) {
      double y = TOP + row * i;
      chart.add(Svg.text("name", LEFT - 8, y + 8, names.get(i)));
      for (int s = 0; s < series.size(); s++) {
        range(chart, x, y + 22 + LINE * s, s, ranges.get(i).get(s), names.get(i));
      }
    }
    return chart;
  }

  private void range(Markup chart, Scale x, double y, int s, Range range, String name) {
    double from = x.at(range.hollow());
    double to = x.at(range.filled());
    String told = name + ", " + series.get(s) + ": " + Scale.message(range.hollow());
    chart.add(Svg.path("l" + s, List.of(from, y, to, y)));
    chart.add(Svg.dot("hollow l" + s, from, y, told));
    chart.add(Svg.dot("f" + s, to, y, told + " to " + Scale.message(range.filled())));
    String end = Scale.message(range.filled());
    boolean fits = to + 10 + Svg.width(end) < Svg.WIDTH;
    chart.add(Svg.text(fits ? "" : "end", fits ? to + 9 : from - 9, y + 4, end));
  }

  private List<Range> all() {
    return ranges.stream().flatMap(List::stream).toList();
  }
}
