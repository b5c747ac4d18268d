package dev.stillhouse.storage.layout.planes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.layout.pages.PlaneBytes;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.parquet.RowPages;
import dev.stillhouse.storage.parquet.Seal;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that means harm: checksums hold, pages are not what the header says. */
class HostilePlanesTest {
  private static final int ROWS = 3;
  private static final int LENGTH = 20;
  private static final int BAD_ROW = 1;
  private static final StatisticSpec SPEC =
      StatisticSpec.parse("top-k:40+sample:9,temperature=2.0+normaliser-at:2.0");
  private static final ShardHeader HEADER =
      new ShardHeader("planes", SPEC.toString(), "a", "t", "t", 100_000, 0, ROWS, LENGTH);

  @TempDir Path directory = Path.of("unset");
  private final MessageType schema = new PlanesSchema(HEADER).pages().type();
  private final StatisticsBatch batch;

  /** Plain bytes of each page, [column][row]. */
  private final byte[][][] plain = new byte[schema.getFieldCount()][ROWS][];

  /** A page as a hostile writer stores it. */
  @SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
  private record Stored(byte[] bytes, int claimed, boolean compressed) {}

  private final Map<String, Stored> harm = new HashMap<>();

  HostilePlanesTest() {
    Random random = new Random(2);
    TokenBatch tokens = SampleBatches.tokens(random, 0, ROWS, LENGTH, 100_000);
    this.batch = SampleBatches.statistics(random, tokens, 45, 100_000, SPEC);
  }

  @BeforeEach
  void takeAGoodShardApart() throws IOException {
    Path file = directory.resolve("good.parquet");
    SealedFile sealed;
    try (ShardWriter writer = new PlanesLayout().writer(file, HEADER)) {
      writer.write(batch);
      sealed = writer.finish();
    }
    byte[] bytes = Files.readAllBytes(file);
    PlanesSchema planes = new PlanesSchema(HEADER);
    int[] columns = planes.pages().columns(Projection.ALL, planes.own(Projection.ALL));
    assertEquals(plain.length, columns.length);
    RowPages pages = new RowPages(footer(bytes, sealed), schema);
    List<ByteBuffer> fetched =
        pages.ranges(0, ROWS, columns).stream().map(range -> slice(bytes, range)).toList();
    try (FetchedPages open = pages.fetched(0, ROWS, columns, fetched)) {
      for (int column : columns) {
        for (int row = 0; row < ROWS; row++) {
          PlainPage page = open.open(0, column, row, 1 << 20);
          plain[column][row] =
              Arrays.copyOfRange(page.array(), page.from(), page.from() + page.length());
        }
      }
    }
  }

  @Test
  void withoutHarmItIsRead() throws IOException {
    StatisticsBatch read = read();
    assertArrayEquals(batch.offsets(), read.offsets());
    assertArrayEquals(Arrays.copyOf(batch.ids(), batch.entries()), read.ids());
  }

  @Test
  void pagesThatClaimGigabytesAreNotInflated() throws IOException {
    for (int column = 0; column < plain.length; column++) {
      byte[] packed = Zstd.compress(plain[column][BAD_ROW], 1);
      refused(column, new Stored(packed, 2_000_000_000, true), "");
      refused(column, new Stored(packed, Integer.MIN_VALUE, true), "");
      refused(column, new Stored(Zstd.compress(new byte[9 << 20], 1), 9 << 20, true), "");
    }
  }

  @Test
  void pagesThatAreNoZstdOrOfAnotherLengthAreRefused() throws IOException {
    for (int column = 0; column < plain.length; column++) {
      byte[] good = plain[column][BAD_ROW];
      refused(column, new Stored(good, good.length, true), "");
      refused(column, new Stored(good, good.length + 1, false), "");
      refused(column, new Stored(good, good.length - 1, false), "");
      byte[] packed = Zstd.compress(good, 1);
      refused(column, new Stored(packed, good.length - 1, true), "");
      refused(column, new Stored(new byte[0], 0, false), "");
    }
  }

  @Test
  void valuesAreAsLongAsTheyMustBe() throws IOException {
    for (int column = schema.getFieldIndex("tokens"); column < plain.length; column++) {
      refused(column, value(Arrays.copyOf(body(column), body(column).length + 1)), "");
      byte[] otherLength = plain[column][BAD_ROW].clone();
      otherLength[0]++;
      refused(column, new Stored(otherLength, otherLength.length, false), "is not one value");
    }
  }

  @Test
  void tokensOfAnotherSequenceAreRefused() throws IOException {
    refused("tokens", bytes -> flipped(bytes, 3), "do not have its fingerprint");
    refused("segments", bytes -> flipped(bytes, bytes.length - 1), "do not have its fingerprint");
    byte[] number = plain[0][0];
    refused(0, new Stored(number, number.length, false), "sequence 0 stands where 1 must");
  }

  @Test
  void countsThatNoPlaneHasAreRefusedBeforeAnythingIsMadeForThem() throws IOException {
    refused("kept", bytes -> new byte[] {-1, 0, 0, 0, -128}, "entries at a position");
    refused("kept", bytes -> new byte[] {-1, -1, -1, -1, 127}, "entries at a position");
    refused("kept", bytes -> new byte[] {-1, 1, 0, 1, 0}, "a plane of");
    refused("kept", bytes -> new byte[] {0}, "a plane of");
    refused("kept", bytes -> new byte[0], "are not");
    refused("kept", bytes -> new byte[] {5}, "are not 5 planes");
    refused("counts", bytes -> flipped(bytes, 0), "planes of");
  }

  @Test
  void escapesStayInTheirRowAndInOrder() throws IOException {
    refused("escapes", bytes -> new byte[4], "are no pairs");
    refused("escapes", bytes -> ByteBuffer.allocate(8).put(2, (byte) 1).array(), "escapes, of");
    refused("escapes", bytes -> ByteBuffer.allocate(8).put(3, (byte) -1).array(), "escapes, of");
    refused("escapes", bytes -> new byte[16], "escapes, of");
  }

  private void refused(String name, UnaryOperator<byte[]> change, String reason)
      throws IOException {
    int column = schema.getFieldIndex(name);
    refused(column, value(change.apply(body(column))), reason);
  }

  private void refused(int column, Stored stored, String reason) throws IOException {
    String name = schema.getFieldName(column);
    harm.put(name, stored);
    DamagedBlobException error = assertThrows(DamagedBlobException.class, this::read, name);
    harm.clear();
    assertEquals("blob", error.blob());
    assertTrue(error.reason().contains(reason), name + ": " + error.reason());
  }

  private byte[] body(int column) {
    byte[] all = plain[column][BAD_ROW];
    return Arrays.copyOfRange(all, Integer.BYTES, all.length);
  }

  /** A value as a page that is not compressed. */
  private static Stored value(byte[] body) {
    byte[] all = new byte[Integer.BYTES + body.length];
    PlaneBytes.int32(all, 0, body.length);
    System.arraycopy(body, 0, all, Integer.BYTES, body.length);
    return new Stored(all, all.length, false);
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 1;
    return other;
  }

  /** Writes the pages again, those with harm as it says, and reads what comes out. */
  private StatisticsBatch read() throws IOException {
    Path file = directory.resolve(UUID.randomUUID() + ".parquet");
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            schema,
            ParquetFileWriter.Mode.CREATE,
            Long.MAX_VALUE,
            0,
            null,
            ParquetProperties.builder().build())) {
      writer.start();
      writer.startBlock(ROWS);
      for (int i = 0; i < plain.length; i++) {
        ColumnDescriptor column = schema.getColumns().get(i);
        writer.startColumn(column, ROWS, CompressionCodecName.ZSTD);
        for (int row = 0; row < ROWS; row++) {
          Stored good = new Stored(plain[i][row], plain[i][row].length, false);
          Stored stored = row == BAD_ROW ? harm.getOrDefault(schema.getFieldName(i), good) : good;
          writer.writeDataPageV2(
              1,
              0,
              1,
              BytesInput.empty(),
              BytesInput.empty(),
              Encoding.PLAIN,
              BytesInput.from(stored.bytes()),
              stored.compressed(),
              stored.claimed(),
              Statistics.createStats(column.getPrimitiveType()));
        }
        writer.endColumn();
      }
      writer.endBlock();
      writer.end(HEADER.toMetadata());
    }
    SealedFile sealed = Seal.seal(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    ShardReader reader = Layouts.reader(footer(bytes, sealed));
    List<ByteBuffer> fetched =
        reader.ranges(0, ROWS, Projection.ALL).stream().map(range -> slice(bytes, range)).toList();
    return reader.decode(0, ROWS, Projection.ALL, fetched);
  }

  private static Footer footer(byte[] bytes, SealedFile sealed) {
    ByteRange tail = Footer.range("blob", bytes.length, sealed.footerBytes());
    return Footer.parse("blob", bytes.length, slice(bytes, tail), sealed.footerCrc32c());
  }

  private static ByteBuffer slice(byte[] bytes, ByteRange range) {
    return ByteBuffer.wrap(bytes, (int) range.offset(), range.length()).slice();
  }
}
