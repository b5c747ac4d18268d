package dev.stillhouse.storage.loader.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.Float16;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.junit.jupiter.api.Test;

class DenseBatchTest {
  private static final float INF = Float.NEGATIVE_INFINITY;
  private static final float NO = DenseForm.LOG_ZERO;

  /** One row of 4: segments 0 0 1 and padding; two, one, three entries. */
  private static LoadedBatch batch(int rows, int maxEntries) {
    return batch(rows, maxEntries, ln(0.1));
  }

  private static LoadedBatch batch(int rows, int maxEntries, float lastTail) {
    TokenBatch tokens =
        new TokenBatch(0, 4, new int[] {5, 6, 7, 0}, new int[] {0, 0, 1, TokenBatch.PADDING});
    float nan = Float.NaN;
    StatisticsBatch statistics =
        new StatisticsBatch(
            tokens,
            new int[] {0, 2, 3, 6, 6},
            new int[] {6, 9, 2, 1, 3, 4},
            new float[] {ln(0.5), ln(0.25), 0f, ln(0.5), ln(0.3), ln(0.1)},
            new float[] {ln(0.25), INF, lastTail, nan},
            new float[] {1, 0, 2, nan},
            new float[] {10, nan, 12, nan},
            new float[] {ln(0.5), nan, nan, nan});
    return new LoadedBatch(
        8,
        rows,
        new int[1],
        new long[] {3},
        maxEntries,
        ImmutableList.of(List.of(statistics)),
        ImmutableList.of(statistics));
  }

  private static float ln(double x) {
    return (float) Math.log(x);
  }

  @Test
  void isPaddedInAllDirections() {
    DenseBatch dense = DenseBatch.of(batch(2, Integer.MAX_VALUE), DenseForm.of(3));
    assertArrayEquals(new int[] {5, 6, 7, 0, 0, 0, 0, 0}, dense.column("tokens").ints());
    assertArrayEquals(new int[] {0, 0, 1, -1, -1, -1, -1, -1}, dense.column("segments").ints());
    assertArrayEquals(new int[] {0, 1, 0, 0, 0, 0, 0, 0}, dense.column("positions").ints());
    assertArrayEquals(
        new int[] {6, -100, -100, -100, -100, -100, -100, -100}, dense.column("targets").ints());
    assertArrayEquals(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, dense.column("loss_mask").bytes());
    int[] ids = new int[24];
    System.arraycopy(new int[] {6, 9, 0, 2, 0, 0, 1, 3, 4}, 0, ids, 0, 9);
    assertArrayEquals(ids, dense.column("ids").ints());
    float[] logProbs = dense.column("log_probs").floats();
    assertArrayEquals(
        new float[] {ln(0.5), ln(0.25), NO, 0, NO, NO, ln(0.5), ln(0.3), ln(0.1), NO},
        java.util.Arrays.copyOf(logProbs, 10));
    assertArrayEquals(
        new float[] {ln(0.25), NO, ln(0.1), NO, NO, NO, NO, NO}, dense.column("log_tail").floats());
    assertArrayEquals(
        new float[] {10, Float.NaN, 12, 0, 0, 0, 0, 0}, dense.column("log_normaliser").floats());
    assertEquals(ImmutableList.of(2, 4, 3), dense.column("ids").kind().shape());
  }

  @Test
  void whatIsLeftOutBelongsToTheTail() {
    float[] tail =
        DenseBatch.of(batch(1, Integer.MAX_VALUE), DenseForm.of(1)).column("log_tail").floats();
    assertEquals(ln(0.5), tail[0], 1e-6);
    assertEquals(NO, tail[1]);
    assertEquals(ln(0.5), tail[2], 1e-6);
    // Of slot 2 three entries were read because no more were asked for: 0.1 is left of 1, though
    // the tail behind all that are stored is smaller.
    float[] read =
        DenseBatch.of(batch(1, 3, ln(0.02)), DenseForm.of(3)).column("log_tail").floats();
    assertEquals(ln(0.1), read[2], 1e-5);
    float[] none =
        DenseBatch.of(batch(1, Integer.MAX_VALUE), DenseForm.of(0)).column("log_tail").floats();
    assertEquals(0, none[0], "all mass is tail");
  }

  @Test
  void numbersHaveTheTypesThatWereAskedFor() {
    LoadedBatch batch = batch(1, Integer.MAX_VALUE);
    DenseForm half = new DenseForm(2, NumberType.INT64, NumberType.FLOAT16);
    DenseForm brain = new DenseForm(2, NumberType.INT32, NumberType.BFLOAT16);
    assertArrayEquals(new long[] {5, 6, 7, 0}, DenseBatch.of(batch, half).column("tokens").longs());
    short[] halves = DenseBatch.of(batch, half).column("log_probs").halves();
    assertEquals(ln(0.5), Float16.toFloat(halves[0]), 1e-3);
    assertEquals(-10_000f, Float16.toFloat(halves[3]), 8f);
    short[] brains = DenseBatch.of(batch, brain).column("log_probs").halves();
    assertEquals(ln(0.5), Float.intBitsToFloat(brains[0] << 16), 3e-3);
    assertThrows(
        IllegalStateException.class, () -> DenseBatch.of(batch, half).column("ids").ints());
    assertThrows(
        UsageException.class, () -> new DenseForm(2, NumberType.UINT8, NumberType.FLOAT16));
    assertThrows(UsageException.class, () -> new DenseForm(2, NumberType.INT32, NumberType.INT32));
    assertThrows(UsageException.class, () -> DenseForm.of(-1));
  }

  /** bfloat16 rounds to nearest, ties to even. */
  @Test
  void bfloat16RoundsToEven() {
    for (List<Integer> pair :
        List.of(
            List.of(0x3F808000, 0x3F80),
            List.of(0x3F818000, 0x3F82),
            List.of(0x3F808001, 0x3F81),
            List.of(0xC0490FDB, 0xC049),
            List.of(0x7F7FFFFF, 0x7F80),
            List.of(0xFF800000, 0xFF80))) {
      short bits = HalfFloats.bfloat16(Float.intBitsToFloat(pair.get(0)));
      assertEquals(pair.get(1), bits & 0xFFFF);
    }
    assertTrue(Float.isNaN(Float.intBitsToFloat(HalfFloats.bfloat16(Float.NaN) << 16)));
  }

  /** Every float16, and floats around each and between each two, as Arrow rounds them. */
  @Test
  void float16RoundsAsArrowDoes() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exact = Float.floatToRawIntBits(Float16.toFloat((short) bits));
      for (int step : new int[] {0, 1, -1, 0xFFF, 0x1000, 0x1001}) {
        float value = Float.intBitsToFloat(exact + step);
        assertEquals(Float16.toFloat16(value), HalfFloats.slow(value), "float " + value);
        if (!Float.isNaN(value)) { // Of which there are many in binary16 too.
          assertEquals(Float16.toFloat16(value), HalfFloats.float16(value), "float " + value);
        }
      }
    }
  }

  @Test
  void aFormHasTheColumnsThatItNames() {
    DenseForm form =
        new DenseForm(
            2,
            NumberType.INT32,
            NumberType.FLOAT32,
            ImmutableList.of(
                DenseField.SEQUENCES,
                DenseField.ENTROPY,
                DenseField.TARGET_LOG_PROB,
                DenseField.REASONS,
                DenseField.COUNTS,
                DenseField.LOG_PROPOSALS,
                DenseField.SOURCES));
    DenseBatch dense = DenseBatch.of(batch(2, Integer.MAX_VALUE), form);
    assertEquals(
        List.of(
            "sequences",
            "entropy",
            "target_log_prob",
            "reasons",
            "counts",
            "log_proposals",
            "sources"),
        List.copyOf(dense.columns().keySet()));
    assertArrayEquals(new long[] {3, -1}, dense.column("sequences").longs());
    assertArrayEquals(new long[] {0, -1}, dense.column("sources").longs());
    assertArrayEquals(new float[] {1, 0, 2, 0, 0, 0, 0, 0}, dense.column("entropy").floats());
    assertArrayEquals(
        new float[] {ln(0.5), 0, 0, 0, 0, 0, 0, 0}, dense.column("target_log_prob").floats());
    assertArrayEquals(new int[16], dense.column("counts").ints(), "nothing is drawn");
    assertArrayEquals(new byte[16], dense.column("reasons").bytes(), "all have the same");
    assertEquals(ln(0.25), dense.column("log_proposals").floats()[1], "drawn from the teacher");
    UsageException twice =
        assertThrows(
            UsageException.class,
            () ->
                new DenseForm(
                    2,
                    NumberType.INT32,
                    NumberType.FLOAT32,
                    ImmutableList.of(DenseField.IDS, DenseField.IDS)));
    assertTrue(String.valueOf(twice.getMessage()).contains("column ids twice"), twice.getMessage());
    UsageException unknown = assertThrows(UsageException.class, () -> DenseField.named("logprobs"));
    assertTrue(
        String.valueOf(unknown.getMessage()).contains("log_probs, log_tail"), unknown.getMessage());
  }

  /** Provenance is kept where entries have different reasons. */
  @Test
  void drawsHaveTheirCounts() {
    StatisticsBatch plain = batch(1, Integer.MAX_VALUE).row(0, 0);
    StatisticsBatch drawn =
        plain.withEntries(
            plain.offsets(),
            plain.ids(),
            plain.logProbs(),
            new Provenance(
                new byte[] {1, 3, 2, 1, 1, 2},
                new int[] {0, 4, 1, 0, 0, 2},
                new float[] {-1, -2, -3, -4, -5, -6}));
    LoadedBatch batch =
        new LoadedBatch(
            0,
            1,
            new int[1],
            new long[] {3},
            Integer.MAX_VALUE,
            ImmutableList.of(List.of(drawn)),
            ImmutableList.of(drawn));
    DenseBatch dense =
        DenseBatch.of(
            batch,
            new DenseForm(
                2,
                NumberType.INT64,
                NumberType.FLOAT32,
                ImmutableList.of(DenseField.REASONS, DenseField.COUNTS, DenseField.LOG_PROPOSALS)));
    assertArrayEquals(new byte[] {1, 3, 2, 0, 1, 1, 0, 0}, dense.column("reasons").bytes());
    assertArrayEquals(new long[] {0, 4, 1, 0, 0, 0, 0, 0}, dense.column("counts").longs());
    assertArrayEquals(
        new float[] {-1, -2, -3, NO, -4, -5, NO, NO}, dense.column("log_proposals").floats());
  }

  /** Less is read for less: the columns that are asked for, and what they are made from. */
  @Test
  void aFormReadsWhatItNeeds() {
    DenseForm tails =
        new DenseForm(
            4,
            NumberType.INT32,
            NumberType.FLOAT32,
            ImmutableList.of(DenseField.TOKENS, DenseField.LOG_TAIL));
    assertEquals(
        new Projection(Set.of(Projection.Column.ENTRIES, Projection.Column.LOG_TAIL), 4),
        tails.projection());
    DenseForm tokens =
        new DenseForm(4, NumberType.INT32, NumberType.FLOAT32, ImmutableList.of(DenseField.TOKENS));
    assertEquals(new Projection(Set.of(), 4), tokens.projection());
  }

  @Test
  void arrowHoldsTheSameNumbers() {
    LoadedBatch batch = batch(2, Integer.MAX_VALUE);
    DenseForm form = new DenseForm(2, NumberType.INT64, NumberType.FLOAT16);
    DenseBatch dense = DenseBatch.of(batch, form);
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = DenseArrow.of(batch, 0, form, allocator);
        VectorSchemaRoot brain =
            DenseArrow.of(
                batch, 0, new DenseForm(1, NumberType.INT32, NumberType.BFLOAT16), allocator)) {
      assertEquals(2, root.getRowCount());
      assertEquals(List.copyOf(dense.columns().keySet()), names(root));
      FixedSizeListVector rows = (FixedSizeListVector) root.getVector("log_probs");
      assertEquals(8, rows.getListSize(), "T times k");
      assertEquals(
          Map.of(
              "ARROW:extension:name",
              "arrow.fixed_shape_tensor",
              "ARROW:extension:metadata",
              "{\"shape\":[4, 2]}"),
          rows.getField().getMetadata());
      Float2Vector numbers = (Float2Vector) rows.getDataVector();
      short[] halves = dense.column("log_probs").halves();
      assertEquals(halves.length, numbers.getValueCount());
      for (int i = 0; i < halves.length; i++) {
        assertEquals(halves[i], numbers.get(i));
      }
      assertEquals("[5,6,7,0]", root.getVector("tokens").getObject(0).toString());
      FixedSizeListVector tails = (FixedSizeListVector) brain.getVector("log_tail");
      UInt2Vector tail = (UInt2Vector) tails.getDataVector();
      assertEquals(8, tail.getValueCount());
      assertEquals("bfloat16", tails.getField().getMetadata().get("type"));
      assertEquals(DenseArrow.schema(form, 4), root.getSchema());
      assertTrue(root.contentToTSVString().contains("[0,1,0,0]"), root.contentToTSVString());
    }
  }

  private static List<String> names(VectorSchemaRoot root) {
    return root.getSchema().getFields().stream()
        .map(org.apache.arrow.vector.types.pojo.Field::getName)
        .toList();
  }
}
