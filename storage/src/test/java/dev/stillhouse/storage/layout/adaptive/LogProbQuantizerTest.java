package dev.stillhouse.storage.layout.adaptive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class LogProbQuantizerTest {
  @Property
  void theBoundHolds(
      @ForAll @FloatRange(min = -1000, max = 0) float logProb,
      @ForAll @FloatRange(min = 0.01f, max = 1) float bound) {
    LogProbQuantizer steps = new LogProbQuantizer(bound);
    int whole = steps.of(logProb);
    assertTrue(whole >= 0, "kept as it is although nothing is wrong with it");
    assertTrue(Math.abs(steps.nats(whole) - logProb) <= bound);
  }

  @Test
  void whatHasNoStepsIsKept() {
    LogProbQuantizer steps = new LogProbQuantizer(0.01f);
    for (float other :
        new float[] {Float.NEGATIVE_INFINITY, Float.NaN, Float.POSITIVE_INFINITY, 1e-6f, -1e5f}) {
      assertEquals(LogProbQuantizer.NONE, steps.of(other));
    }
    assertEquals(0, steps.of(-0f));
    assertEquals(0, steps.of(-1e-7f));
  }
}
