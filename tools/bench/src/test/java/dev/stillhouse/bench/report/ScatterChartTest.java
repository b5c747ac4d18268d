package dev.stillhouse.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ScatterChartTest {
  private static final Pattern DOT =
      Pattern.compile("<circle[^>]* cx=\"([^\"]+)\" cy=\"([^\"]+)\"");
  private static final Pattern NAME =
      Pattern.compile("<text class=\"\" x=\"([^\"]+)\" y=\"([^\"]+)\">([^<]+)<");

  /** What a run of bench layouts looks like: most points have nearly the same error. */
  private static String crowd() {
    return new ScatterChart("bytes", "KL")
        .path(
            List.of(
                new ScatterChart.Point("adaptive 0.05", 110.6, 2.4e-4, 0),
                new ScatterChart.Point("adaptive", 122, 9.4e-6, 0),
                new ScatterChart.Point("adaptive 0.002", 136, 3.8e-7, 0)))
        .point(new ScatterChart.Point("rows", 358, 0, 0))
        .point(new ScatterChart.Point("columns", 192.2, 1.8e-7, 0))
        .point(new ScatterChart.Point("planes", 194.7, 1.8e-7, 0))
        .point(new ScatterChart.Point("megatron's record", 197, 2.6e-7, 1))
        .point(new ScatterChart.Point("arrow ipc, zstd", 228.6, 1.8e-7, 1))
        .point(new ScatterChart.Point("vortex", 253.7, 1.8e-7, 1))
        .point(new ScatterChart.Point("lance", 309.2, 1.8e-7, 1))
        .point(new ScatterChart.Point("parquet, snappy", 388.5, 0, 1))
        .draw()
        .toString();
  }

  private static boolean meet(double[] a, double[] b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  @Test
  void namesCoverNeitherPointsNorEachOther() {
    List<double[]> names = new ArrayList<>();
    NAME.matcher(crowd())
        .results()
        .forEach(
            (MatchResult found) -> {
              double x = Double.parseDouble(found.group(1));
              double y = Double.parseDouble(found.group(2));
              names.add(new double[] {x, y - 9, x + Svg.width(found.group(3)), y + 2});
            });
    assertEquals(11, names.size());
    List<double[]> dots = new ArrayList<>();
    DOT.matcher(crowd())
        .results()
        .forEach(
            (MatchResult found) -> {
              double x = Double.parseDouble(found.group(1));
              double y = Double.parseDouble(found.group(2));
              dots.add(new double[] {x - 5, y - 5, x + 5, y + 5});
            });
    assertEquals(11, dots.size());
    for (int i = 0; i < names.size(); i++) {
      for (int j = 0; j < names.size(); j++) {
        assertFalse(i != j && meet(names.get(i), names.get(j)), "names " + i + " and " + j);
        assertFalse(meet(names.get(i), dots.get(j)), "name " + i + " on dot " + j);
      }
      assertTrue(names.get(i)[0] >= 0 && names.get(i)[2] <= Svg.WIDTH, "name " + i);
    }
  }

  @Test
  void whatIsZeroStandsOnALineOfItsOwn() {
    assertTrue(crowd().contains(">0</text>"), "an axis by powers of ten has no 0");
    String none =
        new ScatterChart("x", "y").point(new ScatterChart.Point("only", 1, 0, 0)).draw().toString();
    assertTrue(none.contains("only"), none);
  }
}
