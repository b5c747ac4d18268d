package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rivals that keep everything, as Arrow's libraries write and read it. */
class RivalStoresTest {
  private static final int LENGTH = 16;
  private static final int ROWS = 5;

  @TempDir Path directory;

  /** Positions of 0 to 6 entries; scalars that all differ. */
  private static StatisticsBatch batch() {
    Random random = new Random(1);
    int slots = LENGTH * ROWS;
    int[] offsets = new int[slots + 1];
    for (int i = 0; i < slots; i++) {
      offsets[i + 1] = offsets[i] + random.nextInt(7);
    }
    float[][] scalars = new float[5][slots];
    for (float[] values : scalars) {
      fill(values, random, 1);
    }
    float[] logProbs = new float[offsets[slots]];
    fill(logProbs, random, 20);
    return new StatisticsBatch(
        new TokenBatch(
            40, LENGTH, random.ints(slots, 0, 9).toArray(), random.ints(slots, -1, 3).toArray()),
        offsets,
        random.ints(offsets[slots], 0, 200_000).toArray(),
        logProbs,
        Provenance.NONE,
        scalars[0],
        scalars[1],
        scalars[2],
        scalars[3],
        new float[][] {scalars[4]});
  }

  private static void fill(float[] values, Random random, float max) {
    for (int i = 0; i < values.length; i++) {
      values[i] = -max * random.nextFloat();
    }
  }

  static List<Store> stores() {
    return List.of(
        new ArrowStore(),
        new NativeStore(new VortexFormat()),
        new NativeStore(new LanceFormat()),
        new PlainParquetStore());
  }

  @ParameterizedTest
  @MethodSource("stores")
  void givesWhatWasWritten(Store store) throws IOException {
    StatisticsBatch wrote = batch();
    ShardHeader header =
        new ShardHeader(
            "any",
            "top-k:6+normaliser-at:2.0",
            "lanes16-1",
            "a teacher",
            "a tokenizer",
            200_000,
            40,
            ROWS,
            LENGTH);
    Path file = directory.resolve("file.arrow");
    store.write(file, header, wrote);
    byte[] bytes = Files.readAllBytes(file);
    Store.OpenedFile kept = store.open(header, bytes);
    List<StatisticsBatch> all = new ArrayList<>();
    kept.scan(all::add);
    assertEquals(1, all.size());
    Map<Part, Long> parts = kept.parts();
    assertEquals(bytes.length, parts.values().stream().mapToLong(part -> part).sum());
    StatisticsBatch read = all.get(0);
    assertEquals(40, read.tokens().firstSequence());
    assertArrayEquals(wrote.tokens().tokens(), read.tokens().tokens());
    assertArrayEquals(wrote.tokens().segments(), read.tokens().segments());
    assertArrayEquals(wrote.offsets(), read.offsets());
    assertArrayEquals(wrote.ids(), Arrays.copyOf(read.ids(), read.entries()));
    assertArrayEquals(wrote.logTail(), read.logTail());
    assertArrayEquals(wrote.entropy(), read.entropy());
    assertArrayEquals(wrote.logNormaliser(), read.logNormaliser());
    assertArrayEquals(wrote.targetLogProb(), read.targetLogProb());
    assertArrayEquals(wrote.further()[0], read.further()[0]);
    for (int i = 0; i < wrote.entries(); i++) {
      assertEquals(wrote.logProbs()[i], read.logProbs()[i], -wrote.logProbs()[i] * 0x1p-11 + 1e-7);
    }
    StatisticsBatch third = kept.sequence(2);
    assertEquals(42, third.tokens().firstSequence());
    assertArrayEquals(Arrays.copyOfRange(wrote.logTail(), 2 * LENGTH, 3 * LENGTH), third.logTail());
    assertArrayEquals(
        Arrays.copyOfRange(wrote.ids(), wrote.offsets()[2 * LENGTH], wrote.offsets()[3 * LENGTH]),
        Arrays.copyOf(third.ids(), third.entries()));
  }

  @Test
  void arrowsBytesAreToldByPart() throws IOException {
    StatisticsBatch wrote = batch();
    ShardHeader header =
        new ShardHeader(
            "any", "top-k:6+normaliser-at:2.0", "a", "b", "c", 200_000, 40, ROWS, LENGTH);
    Path file = directory.resolve("file.arrow");
    new ArrowStore().write(file, header, wrote);
    byte[] bytes = Files.readAllBytes(file);
    Store.OpenedFile kept = new ArrowStore().open(header, bytes);
    Map<Part, Long> parts = kept.parts();
    assertEquals(bytes.length, parts.values().stream().mapToLong(part -> part).sum());
    assertTrue(
        parts.getOrDefault(Part.IDS, 0L) > parts.getOrDefault(Part.LOG_PROBS, 0L),
        parts.toString());
    List<ByteRange> ranges = kept.ranges(0, ROWS, Projection.ALL);
    assertEquals(ROWS, ranges.size());
    assertEquals(1, Ranges.of(ranges).requests());
    assertTrue(kept.footerBytes() > 100 && kept.footerBytes() < bytes.length / 2);
  }
}
