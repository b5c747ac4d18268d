package dev.stillhouse.storage.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenShardTest {
  private static final long UNIT_START = 40;

  @TempDir Path directory = Path.of("unset");

  /** 65,536 positions are a row group: the last two cases have several. */
  @ParameterizedTest
  @CsvSource({"1,1", "1,9", "9,1", "30,100", "50,4096", "3,70000"})
  void givesBackWhatWasWritten(int rows, int length) throws IOException {
    PackedRows written = sample(new Random(rows), rows, length);
    Path file = directory.resolve("tokens.parquet");
    Footer footer = footer(file, write(file, written));
    TokenShardReader reader = new TokenShardReader(footer);
    assertEquals(new TokenShardHeader("tok", 500, length), reader.header());
    assertEquals(rows, reader.sequences());
    int third = rows / 3;
    for (int[] range : new int[][] {{0, rows}, {third, rows - third}, {rows - 1, rows}}) {
      assertSame(written, range[0], range[1], file, reader, true);
      assertSame(written, range[0], range[1], file, reader, false);
    }
    assertThrows(
        DamagedBlobException.class,
        () -> read(file, reader, 0, rows + 1, false, UNIT_START, 0),
        "more rows than there are");
    assertThrows(
        DamagedBlobException.class,
        () -> read(file, reader, 0, rows, false, UNIT_START + 1, 0),
        "another place in the unit");
  }

  @Test
  void refusesAShardThatIsNoTokenShard() throws IOException {
    Random random = new Random(2);
    TokenBatch tokens = SampleBatches.tokens(random, 0, 2, 8, 100);
    Path file = directory.resolve("shard.parquet");
    ShardHeader header = new ShardHeader("rows", "top-k:2", "a", "t", "t", 100, 0, 2, 8);
    try (ShardWriter writer = Layouts.named("rows").writer(file, header)) {
      writer.write(SampleBatches.statistics(random, tokens, 2, 100));
      Footer footer = footer(file, writer.finish());
      assertThrows(DamagedBlobException.class, () -> new TokenShardReader(footer));
    }
    PackedRows rows = sample(random, 2, 8);
    Path other = directory.resolve("tokens.parquet");
    Footer footer = footer(other, write(other, rows));
    assertThrows(DamagedBlobException.class, () -> Layouts.reader(footer));
  }

  /** Some sequences have no source, some many, some the same file again and again. */
  private static PackedRows sample(Random random, int rows, int length) {
    List<List<SegmentSource>> sources = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<SegmentSource> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(new SegmentSource("d\u00e9p/f" + random.nextInt(3), random.nextLong()));
      }
      sources.add(list);
    }
    return new PackedRows(SampleBatches.tokens(random, UNIT_START, rows, length, 500), sources);
  }

  private static SealedFile write(Path file, PackedRows rows) throws IOException {
    TokenShardHeader header = new TokenShardHeader("tok", 500, rows.tokens().length());
    try (TokenShardWriter writer = new TokenShardWriter(file, header)) {
      writer.write(rows);
      return writer.finish();
    }
  }

  private static Footer footer(Path file, SealedFile sealed) throws IOException {
    ByteRange tail = Footer.range("blob", sealed.bytes(), sealed.footerBytes());
    return Footer.parse("blob", sealed.bytes(), slice(file, tail), sealed.footerCrc32c());
  }

  private static void assertSame(
      PackedRows written, int from, int to, Path file, TokenShardReader reader, boolean sources)
      throws IOException {
    int length = written.tokens().length();
    PackedRows read = read(file, reader, from, to, sources, UNIT_START, 777);
    assertEquals(777, read.tokens().firstSequence());
    assertArrayEquals(
        Arrays.copyOfRange(written.tokens().tokens(), from * length, to * length),
        read.tokens().tokens());
    assertArrayEquals(
        Arrays.copyOfRange(written.tokens().segments(), from * length, to * length),
        read.tokens().segments());
    assertEquals(
        sources ? written.sources().subList(from, to) : ImmutableList.of(), read.sources());
  }

  private static PackedRows read(
      Path file,
      TokenShardReader reader,
      int from,
      int to,
      boolean sources,
      long unitStart,
      long first)
      throws IOException {
    List<ByteBuffer> bytes = new ArrayList<>();
    for (ByteRange range : reader.ranges(from, to, sources)) {
      bytes.add(slice(file, range));
    }
    assertTrue(!bytes.isEmpty());
    return reader.decode(from, to, sources, bytes, unitStart, first);
  }

  private static ByteBuffer slice(Path file, ByteRange range) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file), (int) range.offset(), range.length()).slice();
  }
}
