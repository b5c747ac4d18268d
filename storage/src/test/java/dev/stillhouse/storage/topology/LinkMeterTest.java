package dev.stillhouse.storage.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import org.junit.jupiter.api.Test;

/** What a meter learns of a link, and how fast. */
class LinkMeterTest {
  private static final Link SAID = new Link("here", "there", 0.1, 0.02, 1e6, 1e9, 0, 0);
  private static final ReadPlan SHORT = plan(10_000);
  private static final ReadPlan LONG = plan(10_000_000);

  private long now;
  private final LinkMeter meter = new LinkMeter(SAID, () -> now);

  private static ReadPlan plan(int bytes) {
    return new ReadPlan(ImmutableList.of(new ByteRange(0, bytes)));
  }

  private void observe(ReadPlan plan, double seconds, int times) {
    for (int i = 0; i < times; i++) {
      meter.observe(plan, 16, seconds);
    }
  }

  @Test
  void readsAsExpectedChangeNothing() {
    observe(SHORT, SHORT.seconds(SAID, 16), 50);
    observe(LONG, LONG.seconds(SAID, 16), 50);
    assertEquals(0.1, meter.link().roundTripSeconds(), 1e-12);
    assertEquals(1e6, meter.link().bytesPerSecond(), 1e-3);
  }

  @Test
  void shortReadsMeasureTheWaitAndLongOnesTheRate() {
    observe(SHORT, 0.12 * 3 + 0.01, 50);
    assertEquals(0.3, meter.link().roundTripSeconds(), 0.003);
    observe(LONG, 0.36 + 50, 50);
    assertEquals(0.2e6, meter.link().bytesPerSecond(), 2e3);
    assertEquals(0.3, meter.link().roundTripSeconds(), 0.003);
  }

  @Test
  void oneStragglerMovesLittle() {
    observe(SHORT, 40 * 0.13, 1);
    assertTrue(meter.link().roundTripSeconds() < 0.125, meter.link().toString());
  }

  @Test
  void aTopologyThatIsWrongByAHundredIsCorrected() {
    observe(SHORT, 0.12 * 100, 60);
    assertEquals(10, meter.link().roundTripSeconds(), 0.1);
    observe(SHORT, 0.12 / 100, 200);
    assertTrue(meter.link().roundTripSeconds() < 0.01, meter.link().toString());
  }

  @Test
  void whatIsNotReadIsForgotten() {
    observe(SHORT, 0.12 * 10, 60);
    double before = meter.link().roundTripSeconds();
    now += 30_000_000_000L;
    double after = meter.link().roundTripSeconds();
    assertEquals(Math.pow(before / 0.1, 1 / Math.E), after / 0.1, 1e-9);
    now += 3_000_000_000_000L;
    assertEquals(0.1, meter.link().roundTripSeconds(), 1e-9);
  }

  @Test
  void anEmptyReadOverALinkWithoutWaitSaysNothing() {
    LinkMeter local = new LinkMeter(new Link("a", "a", 0, 0, 1e6, 1e9, 0, 0), () -> now);
    local.observe(plan(0), 16, 0.5);
    assertEquals(1e6, local.link().bytesPerSecond());
  }
}
