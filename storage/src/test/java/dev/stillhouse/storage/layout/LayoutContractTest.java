package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection.Column;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every layout promises. A concrete test names the layout and nothing else. */
public abstract class LayoutContractTest {
  private static final int VOCABULARY = 1000;

  private Path directory = Path.of("unset");
  private int files;

  /** The layout under test. */
  protected abstract Layout layout();

  @BeforeEach
  @BeforeProperty
  void createDirectory() throws IOException {
    directory = Files.createTempDirectory("layout");
  }

  @AfterEach
  @AfterProperty
  void deleteDirectory() throws IOException {
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Property(tries = 60)
  void givesBackWhatWasWritten(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 1, max = 12) int k) {
    StatisticsBatch written = batch(seed, 7, rows, length, k);
    SealedShard shard = write(written);
    assertSame(written, 0, shard.read(0, rows, Projection.ALL));
    Random random = new Random(seed);
    int from = random.nextInt(rows);
    int to = from + 1 + random.nextInt(rows - from);
    assertSame(written, from, shard.read(from, to, Projection.ALL));
  }

  /** Law 9 for unions: reasons, counts, proposals and normalisers, in every combination. */
  @Property(tries = 100)
  void givesBackUnions(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 0, max = 12) int k) {
    Random random = new Random(seed);
    StatisticSpec spec = SampleBatches.spec(random);
    StatisticsBatch written = union(random, rows, length, k, spec);
    SealedShard shard = write(written, spec.toString());
    assertSame(written, 0, shard.read(0, rows, Projection.ALL));
    int from = random.nextInt(rows);
    int to = from + 1 + random.nextInt(rows - from);
    assertSame(written, from, shard.read(from, to, Projection.ALL));
  }

  @Test
  void keepsProvenanceWithTheBestEntriesAndLeavesItOut() {
    StatisticSpec spec = StatisticSpec.parse("top-k:4+sample:9,temperature=2.0+normaliser-at:2.0");
    StatisticsBatch written = union(new Random(4), 6, 50, 8, spec);
    SealedShard shard = write(written, spec.toString());
    StatisticsBatch best = shard.read(1, 5, new Projection(EnumSet.allOf(Column.class), 3));
    for (int i = 0; i < best.tokens().slots(); i++) {
      int from = written.offsets()[50 + i];
      int count = best.offsets()[i + 1] - best.offsets()[i];
      assertEquals(Math.min(3, written.offsets()[50 + i + 1] - from), count);
      for (int e = 0; e < count; e++) {
        new SameBatch(layout()).entry(written, from + e, best, best.offsets()[i] + e);
      }
    }
    StatisticsBatch without = shard.read(0, 6, Projection.WITHOUT_PROVENANCE);
    assertEquals(written.entries(), without.entries());
    assertEquals(0, without.provenance().reasons().length);
    assertEquals(0, without.provenance().counts().length);
    assertEquals(0, without.provenance().logProposals().length);
    assertArrayEquals(written.further(), without.further());
    StatisticsBatch none = shard.read(0, 6, new Projection(EnumSet.of(Column.PROVENANCE), 9));
    assertEquals(0, none.entries());
    assertEquals(1, none.further().length);
    assertTrue(Float.isNaN(none.further()[0][7]), "not wanted");
  }

  @Test
  void readsOnlyWhatIsWanted() {
    StatisticsBatch written = batch(3, 0, 6, 50, 8);
    SealedShard shard = write(written);
    StatisticsBatch some =
        shard.read(1, 5, new Projection(EnumSet.of(Column.ENTRIES, Column.ENTROPY), 3));
    assertTrue(Float.isNaN(some.logTail()[0]) && Float.isNaN(some.logNormaliser()[3]));
    for (int i = 0; i < some.tokens().slots(); i++) {
      int from = written.offsets()[50 + i];
      int count = Math.min(3, written.offsets()[50 + i + 1] - from);
      assertEquals(count, some.offsets()[i + 1] - some.offsets()[i]);
      assertArrayEquals(
          Arrays.copyOfRange(written.ids(), from, from + count),
          Arrays.copyOfRange(some.ids(), some.offsets()[i], some.offsets()[i + 1]));
      assertEquals(written.entropy()[50 + i], some.entropy()[i]);
    }
    StatisticsBatch none = shard.read(0, 6, new Projection(EnumSet.noneOf(Column.class), 0));
    assertEquals(0, none.entries());
    assertArrayEquals(written.tokens().tokens(), none.tokens().tokens());
    long all = bytes(shard.open().ranges(0, 6, Projection.ALL));
    long less = bytes(shard.open().ranges(0, 6, new Projection(EnumSet.of(Column.ENTROPY), 0)));
    assertTrue(less < all, less + " bytes for one column, " + all + " for all");
  }

  @Test
  void sameBatchesGiveSameBytes() {
    StatisticsBatch batch = batch(5, 100, 40, 64, 4);
    assertArrayEquals(write(batch).bytes(), write(batch).bytes());
  }

  /** So a dataset that comes back to this layout is what it was, to the byte. */
  @Test
  void whatItHasRoundedItRoundsNoMore() {
    SealedShard once = write(batch(6, 100, 40, 64, 4));
    assertArrayEquals(once.bytes(), write(once.read(0, 40, Projection.ALL)).bytes());
  }

  @Test
  void describesItself() {
    ShardHeader header = write(batch(1, 41, 3, 16, 2)).open().header();
    assertEquals(header(41, 3, 16, "top-k:2"), header);
    assertEquals(layout().name(), header.layout());
  }

  @Test
  void refusesOtherSequencesThanPromised() throws IOException {
    try (ShardWriter writer = layout().writer(file(), header(0, 4, 8, "top-k:2"))) {
      assertThrows(IllegalArgumentException.class, () -> writer.write(batch(1, 1, 2, 8, 2)));
      assertThrows(IllegalArgumentException.class, () -> writer.write(batch(1, 0, 2, 9, 2)));
      writer.write(batch(1, 0, 2, 8, 2));
      assertThrows(IllegalStateException.class, writer::finish);
    }
  }

  @Test
  void refusesOtherColumnsThanPromised() throws IOException {
    String[] statistics = {
      "top-k:2",
      "top-k:2+target",
      "sample:9",
      "sample:9,temperature=2.0",
      "top-k:2+sample:9",
      "top-k:2+normaliser-at:2.0",
      "top-k:2+normaliser-at:2.0,4.0"
    };
    for (String promised : statistics) {
      for (String given : statistics) {
        StatisticsBatch batch = union(new Random(1), 2, 8, 4, StatisticSpec.parse(given));
        try (ShardWriter writer = layout().writer(file(), header(7, 2, 8, promised))) {
          if (promised.equals(given)) {
            writer.write(batch);
            writer.finish();
          } else {
            assertThrows(IllegalArgumentException.class, () -> writer.write(batch));
          }
        }
      }
    }
  }

  private StatisticsBatch batch(long seed, long first, int rows, int length, int k) {
    Random random = new Random(seed);
    TokenBatch tokens = SampleBatches.tokens(random, first, rows, length, VOCABULARY);
    return SampleBatches.statistics(random, tokens, k, VOCABULARY);
  }

  private static StatisticsBatch union(
      Random random, int rows, int length, int k, StatisticSpec spec) {
    TokenBatch tokens = SampleBatches.tokens(random, 7, rows, length, VOCABULARY);
    return SampleBatches.statistics(random, tokens, k, VOCABULARY, spec);
  }

  private ShardHeader header(long first, int rows, int length, String statistic) {
    return new ShardHeader(
        layout().name(),
        statistic,
        "plain-1",
        "teacher",
        "tokenizer",
        VOCABULARY,
        first,
        rows,
        length);
  }

  private Path file() {
    return directory.resolve("shard" + files++ + ".parquet");
  }

  private SealedShard write(StatisticsBatch batch) {
    return write(batch, "top-k:2");
  }

  private SealedShard write(StatisticsBatch batch, String statistic) {
    TokenBatch tokens = batch.tokens();
    return SealedShard.write(
        layout(),
        header(tokens.firstSequence(), tokens.sequences(), tokens.length(), statistic),
        batch);
  }

  private void assertSame(StatisticsBatch written, int from, StatisticsBatch read) {
    new SameBatch(layout()).check(written, from, read);
  }

  private static long bytes(List<ByteRange> ranges) {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }
}
