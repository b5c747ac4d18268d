package dev.stillhouse.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws how several measures changed from step to step: a panel for each, from 0, one below
 * another.
 */
public final class StepsChart {
  private static final double PANEL = 118;
  private static final double LEFT = 50;
  private static final double RIGHT = Svg.WIDTH - 50;

  private final List<String> steps;
  private final List<String> measures = new ArrayList<>();
  private final List<List<Double>> values = new ArrayList<>();

  /** Creates a chart with the names of its steps. */
  public StepsChart(List<String> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Adds a measure with its value at each step. */
  public StepsChart measure(String name, List<Double> atSteps) {
    measures.add(name);
    values.add(List.copyOf(atSteps));
    return this;
  }

  /** Draws the chart. */
  public Markup draw() {
    double height = PANEL * measures.size() + 24;
    Markup chart = Svg.chart(height, String.join(", ", measures));
    for (int m = 0; m < measures.size(); m++) {
      panel(chart, m);
    }
    for (int step = 0; step < steps.size(); step++) {
      chart.add(Svg.text("name middle", x(step), height - 6, steps.get(step)));
    }
    return chart;
  }

  private double x(int step) {
    return steps.size() == 1
        ? (LEFT + RIGHT) / 2
        : LEFT + (RIGHT - LEFT) * step / (steps.size() - 1);
  }

  private void panel(Markup chart, int m) {
    double top = PANEL * m;
    double bottom = top + PANEL - 8;
    chart.add(Svg.text("soft", 6, top + 14, measures.get(m)));
    chart.add(Svg.line("axis", 6, bottom, Svg.WIDTH - 6, bottom));
    double max = values.get(m).stream().mapToDouble(value -> value).max().orElse(1);
    Scale y = new Scale(0, Math.max(max, 1e-9), bottom, top + 46, false);
    List<Double> line = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      line.add(x(step));
      line.add(y.at(values.get(m).get(step)));
    }
    chart.add(Svg.path("l" + m, line));
    for (int step = 0; step < steps.size(); step++) {
      double value = values.get(m).get(step);
      String told = Scale.message(value);
      chart.add(Svg.dot("f" + m, x(step), y.at(value), steps.get(step) + ": " + told));
      chart.add(Svg.text("middle", x(step), y.at(value) - 10, told));
    }
  }
}
