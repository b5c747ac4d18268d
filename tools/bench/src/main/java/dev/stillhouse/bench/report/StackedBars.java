package dev.stillhouse.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws bars from left to right, each of several parts, with its name above and its sum at its end.
 */
public final class StackedBars {
  private static final double TOP = 50;
  private static final double ROW = 36;
  private static final double BAR = 14;
  private static final double LEFT = 6;
  private static final double RIGHT = Svg.WIDTH - 60;

  private final String unit;
  private final List<String> parts;
  private final List<String> names = new ArrayList<>();
  private final List<List<Double>> values = new ArrayList<>();
  private double end;

  /** Creates a chart of at most five parts. */
  public StackedBars(String unit, List<String> parts) {
    this.unit = unit;
    this.parts = List.copyOf(parts);
  }

  /** Adds a bar; its values are those of the parts, in order. */
  public StackedBars bar(String name, List<Double> lengths) {
    names.add(name);
    values.add(List.copyOf(lengths));
    return this;
  }

  /** Makes the scale reach {@code value} at least, so that charts side by side can have one. */
  public StackedBars reach(double value) {
    end = Math.max(end, value);
    return this;
  }

  /** Draws the chart. */
  public Markup draw() {
    Markup chart = Svg.chart(TOP + ROW * names.size() + 4, unit + " by part");
    List<String> styles = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      styles.add("f" + i);
    }
    Svg.legend(chart, parts, styles, 14);
    double longest = values.stream().mapToDouble(StackedBars::sum).max().orElse(1);
    Scale x = new Scale(0, Math.max(Math.max(longest, end), 1e-9), LEFT, RIGHT, false);
    for (int row = 0; row < names.size(); row++) {
      double y = TOP + ROW * row;
      chart.add(Svg.text("name", LEFT, y + 6, names.get(row)));
      double from = 0;
      for (int part = 0; part < parts.size(); part++) {
        double value = values.get(row).get(part);
        if (value > 0) {
          String told =
              names.get(row) + ", " + parts.get(part) + ": " + Scale.message(value) + " " + unit;
          double wide = x.at(from + value) - x.at(from) - 1; // A hair of the card between parts.
          chart.add(Svg.bar(styles.get(part), x.at(from), y + 11, wide, BAR, told));
        }
        from += value;
      }
      chart.add(Svg.text("", x.at(from) + 5, y + 22, Scale.message(from)));
    }
    return chart;
  }

  private static double sum(List<Double> lengths) {
    return lengths.stream().mapToDouble(length -> length).sum();
  }
}
