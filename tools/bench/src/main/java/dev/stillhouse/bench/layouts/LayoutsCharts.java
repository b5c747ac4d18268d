package dev.stillhouse.bench.layouts;

import dev.stillhouse.bench.report.Markup;
import dev.stillhouse.bench.report.Page;
import dev.stillhouse.bench.report.RangeChart;
import dev.stillhouse.bench.report.ScatterChart;
import dev.stillhouse.bench.report.StackedBars;
import dev.stillhouse.bench.report.StepsChart;
import dev.stillhouse.storage.layout.Layouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts of the report. Layouts are of one colour, rivals of another. */
final class LayoutsCharts {
  private static final String BYTES = "bytesPerPosition";
  private static final String READ = "readPositionsPerSecond";
  private static final int LAYOUT = 0;
  private static final int RIVAL = 1;

  private final Measured measured;

  LayoutsCharts(Measured measured) {
    this.measured = measured;
  }

  List<Markup> all() {
    List<Markup> charts = new ArrayList<>();
    charts.add(
        Page.figure(
            Findings.error(measured),
            "Down and to the left is better. Blue: layouts of this project, lines join the bounds"
                + " of one; orange: rivals",
            scatter("meanDivergenceNats", "mean KL, nats", 1)));
    charts.add(
        Page.figure(
            Findings.speed(measured),
            "Up and to the left is better. One thread; Vortex and Lance take more if they like",
            scatter(READ, "read, million positions a second", 1e-6)));
    List<Map<String, Object>> steps =
        measured.layouts().stream()
            .filter(row -> Layouts.generations().contains(Findings.name(row)))
            .toList();
    if (steps.size() > 1) {
      charts.add(
          Page.figure(
              Findings.generations(steps),
              "Generations in the order in which they came",
              steps(steps)));
    }
    charts.add(
        Page.figure(
            Findings.parts(measured), "Bytes a position, by what they are there for", parts()));
    if (!measured.layouts().isEmpty()) {
      charts.add(epochs("Seconds", 3600, "hours"));
      charts.add(epochs("Dollars", 1, "dollars"));
    }
    return charts;
  }

  private Markup scatter(String key, String upward, double unit) {
    ScatterChart chart = new ScatterChart("bytes a position", upward);
    Map<String, List<ScatterChart.Point>> families = new LinkedHashMap<>();
    for (Map<String, Object> row : measured.stores()) {
      String name = Findings.name(row);
      String family = name.replaceFirst(":.*", "");
      ScatterChart.Point point =
          new ScatterChart.Point(
              name.replace(":bound=", " "),
              Measured.number(row, BYTES),
              Measured.number(row, key) * unit,
              row.containsKey("layout") ? LAYOUT : RIVAL);
      families.computeIfAbsent(family, unseen -> new ArrayList<>()).add(point);
    }
    families.values().forEach(chart::path);
    return chart.draw();
  }

  private static Markup steps(List<Map<String, Object>> steps) {
    return new StepsChart(steps.stream().map(Findings::name).toList())
        .measure("bytes a position", values(steps, BYTES, 1))
        .measure("read, million positions a second", values(steps, READ, 1e-6))
        .measure("random sequences a second", values(steps, "randomSequencesPerSecond", 1))
        .draw();
  }

  private static List<Double> values(List<Map<String, Object>> rows, String key, double unit) {
    return rows.stream().map(row -> Measured.number(row, key) * unit).toList();
  }

  private Markup parts() {
    List<String> keys = List.of("id", "logProb", "rest", "container");
    StackedBars bars = new StackedBars("bytes", List.of("ids", "log-probs", "rest", "container"));
    for (Map<String, Object> row : measured.stores()) {
      bars.bar(
          Findings.name(row),
          keys.stream()
              .map(key -> Measured.number(row, key + "BytesPerPosition"))
              .map(bytes -> bytes.isNaN() ? 0 : bytes)
              .toList());
    }
    return bars.draw();
  }

  private Markup epochs(String what, double unit, String told) {
    RangeChart chart =
        new RangeChart(
            told, Fetches.LINKS.stream().map(link -> "over " + Fetches.name(link)).toList());
    for (Map<String, Object> row : measured.stores()) {
      if (!row.containsKey("epochPositions")) {
        continue; // A rival that does not tell its ranges.
      }
      List<RangeChart.Range> ranges = new ArrayList<>();
      for (String link : Fetches.LINKS.stream().map(Fetches::name).toList()) {
        double[] both = {
          Measured.number(row, "epoch" + what + "At" + link) / unit,
          Measured.number(row, "shuffledEpoch" + what + "At" + link) / unit
        };
        Arrays.sort(both);
        ranges.add(new RangeChart.Range(both[0], both[1]));
      }
      chart.row(Findings.name(row), ranges);
    }
    return Page.figure(
        Findings.epochs(measured, what, unit),
        "An epoch of 1 G positions, "
            + told
            + ": in order (hollow), every sequence by itself"
            + " (filled, with its value)",
        chart.draw());
  }
}
