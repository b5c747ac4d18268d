package dev.stillhouse.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void ticksAreRoundNumbers() {
    Scale linear = Scale.fromZero(388, 5, 0, 100);
    assertEquals(List.of(0.0, 100.0, 200.0, 300.0, 400.0), linear.ticks(5));
    assertEquals(25, linear.at(100), 1e-9);
    Scale log = Scale.logarithmic(1.8e-7, 2.4e-4, 0, 100);
    assertEquals(List.of(1e-7, 1e-6, 1e-5, 1e-4, 1e-3), rounded(log.ticks(7)));
    assertEquals(50, log.at(1e-5), 1e-9);
    assertEquals(
        List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0), rounded(Scale.logarithmic(0.12, 4, 0, 1).ticks(9)));
    assertEquals(List.of(0.0, 0.5, 1.0), Scale.fromZero(0, 2, 0, 1).ticks(2));
  }

  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(value -> Double.parseDouble(String.format("%.3g", value))).toList();
  }

  @Test
  void numbersAreToldShortly() {
    assertEquals("0", Scale.message(0));
    assertEquals("1e-5", Scale.message(1e-5));
    assertEquals("0.05", Scale.message(0.05));
    assertEquals("2.2", Scale.message(2.19));
    assertEquals("10", Scale.message(10));
    assertEquals("1,397", Scale.message(1397));
    assertEquals("2.5 M", Scale.message(2.5e6));
  }
}
