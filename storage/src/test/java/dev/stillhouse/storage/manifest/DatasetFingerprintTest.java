package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DatasetFingerprintTest {
  private static final int LENGTH = 6;

  @Property(tries = 100)
  void addsUpOverAnyCut(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int rows, @ForAll long cut) {
    TokenBatch all = SampleBatches.tokens(new Random(seed), 5, rows, LENGTH, 50);
    int middle = (int) Math.floorMod(cut, rows + 1L);
    DatasetFingerprint sum = new DatasetFingerprint();
    sum.add(hex(rows(all, middle, rows)));
    sum.add(rows(all, 0, middle));
    assertEquals(hex(all), sum.hex());
  }

  @Test
  void orderTokensSegmentsAndNumbersCount() {
    TokenBatch one = new TokenBatch(0, 2, new int[] {1, 2, 3, 4}, new int[] {0, 0, 0, 0});
    String good = hex(one);
    assertNotEquals(good, hex(new TokenBatch(0, 2, new int[] {3, 4, 1, 2}, one.segments())));
    assertNotEquals(good, hex(new TokenBatch(0, 2, new int[] {1, 2, 3, 5}, one.segments())));
    assertNotEquals(good, hex(new TokenBatch(0, 2, one.tokens(), new int[] {0, 0, 0, 1})));
    assertNotEquals(good, hex(new TokenBatch(1, 2, one.tokens(), one.segments())));
    assertNotEquals(good, hex(new TokenBatch(0, 4, one.tokens(), one.segments())));
  }

  @Test
  void refusesWhatIsNoHash() {
    assertThrows(DataException.class, () -> new DatasetFingerprint().add("-1"));
  }

  private static TokenBatch rows(TokenBatch all, int from, int to) {
    return new TokenBatch(
        all.firstSequence() + from,
        LENGTH,
        Arrays.copyOfRange(all.tokens(), from * LENGTH, to * LENGTH),
        Arrays.copyOfRange(all.segments(), from * LENGTH, to * LENGTH));
  }

  private static String hex(TokenBatch batch) {
    DatasetFingerprint fingerprint = new DatasetFingerprint();
    fingerprint.add(batch);
    return fingerprint.hex();
  }
}
