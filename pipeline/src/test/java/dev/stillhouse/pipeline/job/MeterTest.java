package dev.stillhouse.pipeline.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MeterTest {
  @Test
  void theShareIsThatOfAllWorkers() {
    Meter meter = new Meter();
    assertTrue(meter.waitedShare().isEmpty());
    meter.time(100, 90);
    meter.time(300, 30);
    assertEquals(0.3, meter.waitedShare().getAsDouble());
  }
}
