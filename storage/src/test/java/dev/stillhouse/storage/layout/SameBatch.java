package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Compares what was read with what was written: bit for bit but for log-probs, which may be as far
 * off as a bound allows.
 */
record SameBatch(ErrorBound bound) {
  /**
   * Compares whole rows.
   *
   * @param from row of {@code written} that was read first
   */
  void check(StatisticsBatch written, int from, StatisticsBatch read) {
    check(written, from, read, Integer.MAX_VALUE);
  }

  /** Compares rows of which at most {@code max} entries of each position were read. */
  void check(StatisticsBatch written, int from, StatisticsBatch read, int max) {
    TokenBatch tokens = read.tokens();
    int slots = tokens.slots();
    int shift = from * tokens.length();
    assertEquals(written.tokens().firstSequence() + from, tokens.firstSequence());
    assertArrayEquals(
        Arrays.copyOfRange(written.tokens().tokens(), shift, shift + slots), tokens.tokens());
    assertArrayEquals(
        Arrays.copyOfRange(written.tokens().segments(), shift, shift + slots), tokens.segments());
    for (int i = 0; i < slots; i++) {
      int start = written.offsets()[shift + i];
      int count = Math.min(max, written.offsets()[shift + i + 1] - start);
      assertEquals(count, read.offsets()[i + 1] - read.offsets()[i]);
      for (int e = 0; e < count; e++) {
        entry(written, start + e, read, read.offsets()[i] + e);
      }
    }
    bits(written.logTail(), shift, read.logTail());
    bits(written.entropy(), shift, read.entropy());
    bits(written.logNormaliser(), shift, read.logNormaliser());
    bits(written.targetLogProb(), shift, read.targetLogProb());
    assertEquals(written.further().length, read.further().length);
    for (int t = 0; t < written.further().length; t++) {
      bits(written.further()[t], shift, read.further()[t]);
    }
  }

  /** Every NaN is the same: it stands for null. */
  private static void bits(float[] written, int shift, float[] read) {
    for (int i = 0; i < read.length; i++) {
      assertEquals(
          Float.floatToIntBits(written[shift + i]), Float.floatToIntBits(read[i]), "slot " + i);
    }
  }

  /** Compares one entry. */
  void entry(StatisticsBatch written, int e, StatisticsBatch read, int at) {
    assertEquals(written.ids()[e], read.ids()[at]);
    near(written.logProbs()[e], read.logProbs()[at]);
    Provenance expected = written.provenance();
    Provenance found = read.provenance();
    assertEquals(expected.reasons().length > 0, found.reasons().length > 0);
    assertEquals(expected.counts().length > 0, found.counts().length > 0);
    assertEquals(expected.logProposals().length > 0, found.logProposals().length > 0);
    if (expected.reasons().length > 0) {
      assertEquals(expected.reasons()[e], found.reasons()[at]);
    }
    if (expected.counts().length > 0) {
      assertEquals(expected.counts()[e], found.counts()[at]);
    }
    if (expected.logProposals().length > 0) {
      assertEquals(expected.logProposals()[e], found.logProposals()[at]);
    }
  }

  private void near(float written, float read) {
    assertTrue(
        written == read || Math.abs(written - read) <= bound.bound(written),
        () -> written + " became " + read + ", more than " + bound.bound(written) + " nats off");
  }
}
