package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Wanted.Column;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
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
      @ForAll @IntRange(min = 1, max = 12) int k)
      throws IOException {
    StatisticsBatch written = batch(seed, 7, rows, length, k);
    Written shard = write(written);
    assertSame(written, 0, shard.read(0, rows, Wanted.ALL));
    Random random = new Random(seed);
    int from = random.nextInt(rows);
    int to = from + 1 + random.nextInt(rows - from);
    assertSame(written, from, shard.read(from, to, Wanted.ALL));
  }

  /** Law 9 for unions: reasons, counts, proposals and normalisers, in every combination. */
  @Property(tries = 100)
  void givesBackUnions(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 0, max = 12) int k)
      throws IOException {
    Random random = new Random(seed);
    StatisticSpec spec = SampleBatches.spec(random);
    StatisticsBatch written = union(random, rows, length, k, spec);
    Written shard = write(written, spec.toString());
    assertSame(written, 0, shard.read(0, rows, Wanted.ALL));
    int from = random.nextInt(rows);
    int to = from + 1 + random.nextInt(rows - from);
    assertSame(written, from, shard.read(from, to, Wanted.ALL));
  }

  /** Log-probs that no teacher should give, and some that few do. */
  @Property(tries = 30)
  void keepsItsBoundsExactlyAndCoarsely(@ForAll long seed, @ForAll @IntRange(max = 40) int best)
      throws IOException {
    float[] hostile = {
      0, -0f, -1e-7f, -6e-8f, -1e-30f, -65504, -1e5f, -1e9f, -3e38f, Float.NEGATIVE_INFINITY, 1e-6f
    };
    Random random = new Random(seed);
    StatisticsBatch written = batch(seed, 0, 3, 50, 40);
    for (int e = 0; e < written.entries(); e++) {
      if (random.nextInt(3) == 0) {
        written.logProbs()[e] = hostile[random.nextInt(hostile.length)];
      } else if (random.nextInt(3) == 0) {
        written.logProbs()[e] = (float) -Math.exp(random.nextGaussian() * 9);
      }
    }
    Written shard = write(written, "top-k:40");
    Wanted some = new Wanted(EnumSet.allOf(Column.class), best);
    StatisticsBatch exact = shard.read(1, 3, some);
    StatisticsBatch coarse = shard.read(1, 3, some.coarsely());
    assertArrayEquals(exact.offsets(), coarse.offsets());
    assertArrayEquals(
        Arrays.copyOf(exact.ids(), exact.entries()), Arrays.copyOf(coarse.ids(), exact.entries()));
    assertArrayEquals(exact.entropy(), coarse.entropy());
    for (int i = 0; i < exact.tokens().slots(); i++) {
      for (int e = exact.offsets()[i]; e < exact.offsets()[i + 1]; e++) {
        float want = written.logProbs()[written.offsets()[50 + i] + e - exact.offsets()[i]];
        assertNear(want, exact.logProbs()[e], layout().bound(want));
        assertNear(want, coarse.logProbs()[e], layout().coarseBound(want));
      }
    }
  }

  private static void assertNear(float want, float got, float bound) {
    assertTrue(want == got || Math.abs(want - got) <= bound, want + " became " + got);
  }

  @Test
  void keepsProvenanceWithTheBestEntriesAndLeavesItOut() throws IOException {
    StatisticSpec spec = StatisticSpec.parse("top-k:4+sample:9,temperature=2.0+normaliser-at:2.0");
    StatisticsBatch written = union(new Random(4), 6, 50, 8, spec);
    Written shard = write(written, spec.toString());
    StatisticsBatch best = shard.read(1, 5, new Wanted(EnumSet.allOf(Column.class), 3));
    for (int i = 0; i < best.tokens().slots(); i++) {
      int from = written.offsets()[50 + i];
      int count = best.offsets()[i + 1] - best.offsets()[i];
      assertEquals(Math.min(3, written.offsets()[50 + i + 1] - from), count);
      for (int e = 0; e < count; e++) {
        assertSameEntry(written, from + e, best, best.offsets()[i] + e);
      }
    }
    StatisticsBatch without = shard.read(0, 6, Wanted.WITHOUT_PROVENANCE);
    assertEquals(written.entries(), without.entries());
    assertEquals(0, without.provenance().reasons().length);
    assertEquals(0, without.provenance().counts().length);
    assertEquals(0, without.provenance().logProposals().length);
    assertArrayEquals(written.normalisersAt(), without.normalisersAt());
    StatisticsBatch none = shard.read(0, 6, new Wanted(EnumSet.of(Column.PROVENANCE), 9));
    assertEquals(0, none.entries());
    assertEquals(1, none.normalisersAt().length);
    assertTrue(Float.isNaN(none.normalisersAt()[0][7]), "not wanted");
  }

  @Test
  void noticesAStatisticThatDoesNotParse() throws IOException {
    Path file = file();
    ShardHeader header = header(0, 1, 4, "top-k:3");
    StatisticsBatch batch = batch(1, 0, 1, 4, 3);
    SealedFile sealed;
    // As a foreign writer would: the columns of one statistic, the name of another.
    try (ShardWriter writer = layout().writer(file, header)) {
      writer.write(batch);
      sealed = writer.finish();
    }
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("top-k:3");
    bytes[at] = 'z';
    int footer = bytes.length - sealed.footerBytes();
    ByteBuffer tail = ByteBuffer.wrap(bytes, footer, sealed.footerBytes()).slice();
    CRC32C crc = new CRC32C();
    crc.update(tail.duplicate());
    Footer forged = Footer.parse("blob", bytes.length, tail, (int) crc.getValue());
    DamagedBlobException error =
        assertThrows(DamagedBlobException.class, () -> Layouts.reader(forged));
    assertEquals("blob", error.blob());
    assertTrue(error.reason().contains("'zop-k:3'"), error.reason());
  }

  @Test
  void readsOnlyWhatIsWanted() throws IOException {
    StatisticsBatch written = batch(3, 0, 6, 50, 8);
    Written shard = write(written);
    StatisticsBatch some =
        shard.read(1, 5, new Wanted(EnumSet.of(Column.ENTRIES, Column.ENTROPY), 3));
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
    StatisticsBatch none = shard.read(0, 6, new Wanted(EnumSet.noneOf(Column.class), 0));
    assertEquals(0, none.entries());
    assertArrayEquals(written.tokens().tokens(), none.tokens().tokens());
    long all = bytes(shard.reader.ranges(0, 6, Wanted.ALL));
    long less = bytes(shard.reader.ranges(0, 6, new Wanted(EnumSet.of(Column.ENTROPY), 0)));
    assertTrue(less < all, less + " bytes for one column, " + all + " for all");
  }

  @Test
  void sameBatchesGiveSameBytes() throws IOException {
    StatisticsBatch batch = batch(5, 100, 40, 64, 4);
    assertEquals(write(batch).sealed, write(batch).sealed);
  }

  /** So a dataset that comes back to this layout is what it was, to the byte. */
  @Test
  void whatItHasRoundedItRoundsNoMore() throws IOException {
    Written once = write(batch(6, 100, 40, 64, 4));
    assertEquals(once.sealed, write(once.read(0, 40, Wanted.ALL)).sealed);
  }

  @Test
  void describesItself() throws IOException {
    ShardHeader header = write(batch(1, 41, 3, 16, 2)).reader.header();
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

  /** Law 6: no byte that a reader uses may change unnoticed. */
  @Test
  void noticesAFlippedBitInEveryByte() throws IOException {
    Written shard = write(batch(9, 0, 2, 12, 3));
    byte[] good = shard.bytes.clone();
    for (int i = 4; i < good.length; i++) {
      shard.bytes[i] ^= (byte) (1 << (i % 8));
      int at = i;
      DamagedBlobException error =
          assertThrows(
              DamagedBlobException.class,
              () -> {
                shard.reopen().checkBody();
              },
              () -> "byte " + at + " of " + good.length);
      assertEquals("blob", error.blob());
      shard.bytes[i] = good[i];
    }
    shard.reopen().checkBody();
  }

  @Test
  void noticesDamageInThePagesItReads() throws IOException {
    Written shard = write(batch(9, 0, 2, 12, 3));
    byte[] good = shard.bytes.clone();
    for (ByteRange range : shard.reader.ranges(0, 2, Wanted.ALL)) {
      for (long i = range.offset(); i < range.end(); i++) {
        shard.bytes[(int) i] ^= 0x10;
        DamagedBlobException error =
            assertThrows(DamagedBlobException.class, () -> shard.read(0, 2, Wanted.ALL));
        assertTrue(error.offset() <= i, error.getMessage());
        shard.bytes[(int) i] = good[(int) i];
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

  private Written write(StatisticsBatch batch) throws IOException {
    return write(batch, "top-k:2");
  }

  private Written write(StatisticsBatch batch, String statistic) throws IOException {
    TokenBatch tokens = batch.tokens();
    Path file = file();
    ShardHeader header =
        header(tokens.firstSequence(), tokens.sequences(), tokens.length(), statistic);
    try (ShardWriter writer = layout().writer(file, header)) {
      writer.write(batch);
      return new Written(writer.finish(), Files.readAllBytes(file));
    }
  }

  private void assertSame(StatisticsBatch written, int from, StatisticsBatch read) {
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
      int count = written.offsets()[shift + i + 1] - start;
      assertEquals(count, read.offsets()[i + 1] - read.offsets()[i]);
      for (int e = 0; e < count; e++) {
        assertSameEntry(written, start + e, read, read.offsets()[i] + e);
      }
      assertEquals(written.logTail()[shift + i], read.logTail()[i]);
      assertEquals(written.entropy()[shift + i], read.entropy()[i]);
      assertEquals(written.logNormaliser()[shift + i], read.logNormaliser()[i]);
      assertEquals(written.targetLogProb()[shift + i], read.targetLogProb()[i]);
    }
    assertEquals(written.normalisersAt().length, read.normalisersAt().length);
    for (int t = 0; t < written.normalisersAt().length; t++) {
      float[] values = written.normalisersAt()[t];
      assertArrayEquals(Arrays.copyOfRange(values, shift, shift + slots), read.normalisersAt()[t]);
    }
  }

  private void assertSameEntry(StatisticsBatch written, int e, StatisticsBatch read, int at) {
    assertEquals(written.ids()[e], read.ids()[at]);
    float want = written.logProbs()[e];
    float got = read.logProbs()[at];
    assertNear(want, got, layout().bound(want));
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

  private static long bytes(List<ByteRange> ranges) {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }

  /** A shard in memory. */
  private static final class Written {
    final SealedFile sealed;
    final byte[] bytes;
    final ShardReader reader;

    Written(SealedFile sealed, byte[] bytes) {
      this.sealed = sealed;
      this.bytes = bytes;
      this.reader = Layouts.reader(footer());
    }

    Footer footer() {
      ByteRange tail = Footer.range("blob", bytes.length, sealed.footerBytes());
      return Footer.parse("blob", bytes.length, slice(tail), sealed.footerCrc32c());
    }

    StatisticsBatch read(int from, int to, Wanted wanted) {
      List<ByteBuffer> fetched = new ArrayList<>();
      reader.ranges(from, to, wanted).forEach(range -> fetched.add(slice(range)));
      return reader.decode(from, to, wanted, fetched);
    }

    Written reopen() {
      return new Written(sealed, bytes);
    }

    void checkBody() {
      Footer footer = footer();
      footer.body(1 << 20).forEach(range -> footer.check(range.offset(), slice(range)));
    }

    private ByteBuffer slice(ByteRange range) {
      return ByteBuffer.wrap(bytes, (int) range.offset(), range.length()).slice();
    }
  }
}
