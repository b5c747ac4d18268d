package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.storage.ByteRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangesTest {
  @Test
  void runsThatTouchOrOverlapAreOneRequest() {
    Ranges ranges =
        Ranges.of(
            List.of(
                new ByteRange(100, 10),
                new ByteRange(0, 5),
                new ByteRange(5, 5), // touches the one before
                new ByteRange(102, 3), // within the first
                new ByteRange(105, 20), // overlaps the first
                new ByteRange(50, 0))); // nothing
    assertEquals(new Ranges(2, 10 + 25), ranges);
    assertEquals(new Ranges(0, 0), Ranges.of(List.of()));
  }
}
