package dev.stillhouse.storage.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

class ArrowBatchesTest {
  private static final StatisticSpec TOP = StatisticSpec.ofTopK(6);

  @Test
  void aRootHoldsTheBatchAndMayBeFilledAgain() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = ArrowBatches.root(allocator, TOP)) {
      // Larger, then smaller, then larger than Arrow's first capacity.
      for (int[] shape : new int[][] {{5, 40}, {2, 7}, {1, 1}, {9, 700}}) {
        StatisticsBatch batch = batch(shape[0], shape[1]);
        long[] sequences = new Random(3).longs(shape[0]).toArray();
        ArrowBatches.fill(root, TOP, sequences, batch);
        assertHolds(root, sequences, batch);
      }
    }
  }

  @Test
  void columnsFollowTheStatistic() {
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      StatisticSpec spec = SampleBatches.spec(random);
      TokenBatch tokens = SampleBatches.tokens(random, 0, 4, 30, 100);
      StatisticsBatch batch = SampleBatches.statistics(random, tokens, 6, 100, spec);
      Provenance provenance = batch.provenance();
      try (BufferAllocator allocator = new RootAllocator();
          VectorSchemaRoot root = ArrowBatches.root(allocator, spec)) {
        ArrowBatches.fill(root, spec, new long[4], batch);
        assertEntries(root, "reasons", spec.hasReasons(), batch, e -> provenance.reasons()[e]);
        assertEntries(root, "counts", spec.hasCounts(), batch, e -> provenance.counts()[e]);
        assertEntries(
            root, "log_proposals", spec.hasProposals(), batch, e -> provenance.logProposals()[e]);
        for (int t = 0; t < spec.normalisersAt().size(); t++) {
          String name = "normaliser_at_" + spec.normalisersAt().get(t);
          for (int row = 0; row < 4; row++) {
            assertFloats(batch.further()[t], row * 30, list(root, name, row));
          }
        }
        int optional = batch.further().length;
        optional += spec.hasReasons() ? 1 : 0;
        optional += spec.hasCounts() ? 1 : 0;
        optional += spec.hasProposals() ? 1 : 0;
        assertEquals(10 + optional, root.getSchema().getFields().size());
      }
    }
  }

  private static void assertEntries(
      VectorSchemaRoot root,
      String name,
      boolean there,
      StatisticsBatch batch,
      IntFunction<Object> value) {
    if (!there) {
      return;
    }
    int length = batch.tokens().length();
    for (int i = 0; i < batch.tokens().slots(); i++) {
      List<Object> expected = new ArrayList<>();
      for (int e = batch.offsets()[i]; e < batch.offsets()[i + 1]; e++) {
        expected.add(value.apply(e));
      }
      assertEquals(expected, list(root, name, i / length).get(i % length));
    }
  }

  @Test
  void aBatchWithoutEntriesHasEmptyLists() {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = ArrowBatches.root(allocator, TOP)) {
      TokenBatch tokens = new TokenBatch(0, 2, new int[2], new int[] {-1, -1});
      float[] none = {Float.NaN, Float.NaN};
      StatisticsBatch batch =
          new StatisticsBatch(tokens, new int[3], new int[0], new float[0], none, none, none, none);
      ArrowBatches.fill(root, TOP, new long[] {4}, batch);
      assertHolds(root, new long[] {4}, batch);
    }
  }

  private static StatisticsBatch batch(int rows, int length) {
    Random random = new Random(length);
    TokenBatch tokens = SampleBatches.tokens(random, 0, rows, length, 100);
    return SampleBatches.statistics(random, tokens, 6, 100);
  }

  private static void assertHolds(VectorSchemaRoot root, long[] sequences, StatisticsBatch batch) {
    TokenBatch tokens = batch.tokens();
    assertEquals(tokens.sequences(), root.getRowCount());
    boolean nulls = false;
    for (int row = 0; row < tokens.sequences(); row++) {
      assertEquals(sequences[row], value(root, "sequence", row));
      assertArrayEquals(tokens.fingerprint(row), (byte[]) value(root, "fingerprint", row));
      List<Object> ids = new ArrayList<>();
      List<Object> logProbs = new ArrayList<>();
      for (int i = row * tokens.length(); i < (row + 1) * tokens.length(); i++) {
        List<Object> slotIds = new ArrayList<>();
        List<Object> slotLogProbs = new ArrayList<>();
        for (int e = batch.offsets()[i]; e < batch.offsets()[i + 1]; e++) {
          slotIds.add(batch.ids()[e]);
          slotLogProbs.add(batch.logProbs()[e]);
        }
        ids.add(slotIds);
        logProbs.add(slotLogProbs);
      }
      assertEquals(ids, value(root, "ids", row));
      assertEquals(logProbs, value(root, "log_probs", row));
      int from = row * tokens.length();
      for (int i = 0; i < tokens.length(); i++) {
        assertEquals(tokens.tokens()[from + i], list(root, "tokens", row).get(i));
        assertEquals(tokens.segments()[from + i], list(root, "segments", row).get(i));
      }
      assertFloats(batch.logTail(), from, list(root, "log_tail", row));
      assertFloats(batch.entropy(), from, list(root, "entropy", row));
      assertFloats(batch.logNormaliser(), from, list(root, "log_normaliser", row));
      assertFloats(batch.targetLogProb(), from, list(root, "target_log_prob", row));
      nulls |= list(root, "target_log_prob", row).contains(null);
    }
    assertTrue(nulls, "the last slot of a segment has no target");
  }

  private static void assertFloats(float[] want, int from, List<?> got) {
    for (int i = 0; i < got.size(); i++) {
      assertEquals(Float.isNaN(want[from + i]) ? null : (Float) want[from + i], got.get(i));
    }
  }

  private static List<?> list(VectorSchemaRoot root, String name, int row) {
    return (List<?>) value(root, name, row);
  }

  private static Object value(VectorSchemaRoot root, String name, int row) {
    FieldVector vector = root.getVector(name);
    assertEquals(root.getRowCount(), vector.getValueCount(), name);
    return vector.getObject(row);
  }
}
