package dev.stillhouse.storage.layout.planes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading generation 3 costs, and what it finds in wide vocabularies. */
class PlanesReadTest {
  private static final int ROWS = 5;

  @TempDir Path directory = Path.of("unset");
  private byte[] bytes = new byte[0];

  @Test
  void theEightBestAreLessThanThreeTenthsInOneRequest() throws IOException {
    ShardReader reader = write(batch(512, 50_257), 50_257);
    long all = only(reader, Projection.ALL).length();
    Projection best = new Projection(Projection.ALL.columns(), 8);
    assertTrue(only(reader, best).length() < 0.3 * all, only(reader, best) + " of " + all);
    List<ByteRange> coarse = reader.ranges(2, 3, Projection.ALL.withCoarseLogProbs());
    assertEquals(2, coarse.size(), "the fine plane of the best is left out, those behind are last");
    long rough = coarse.stream().mapToLong(ByteRange::length).sum();
    assertTrue(rough < 0.8 * all, rough + " of " + all);
    assertEquals(1, reader.ranges(0, ROWS, Projection.ALL).size());
  }

  private static ByteRange only(ShardReader reader, Projection projection) {
    List<ByteRange> ranges = reader.ranges(2, 3, projection);
    assertEquals(1, ranges.size());
    return ranges.get(0);
  }

  /** Short sequences share row groups; a run of pages of a column is one range. */
  @Test
  void whatIsReadOfAColumnIsThePagesOfParquetsOffsetIndex() throws IOException {
    ShardReader reader = write(batch(200, 50_257), 50_257);
    Projection entropy = new Projection(EnumSet.of(Projection.Column.ENTROPY), 0);
    try (ParquetFileReader parquet =
        ParquetFileReader.open(
            new LocalInputFile(directory.resolve("shard.parquet")),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      int row = 0;
      for (BlockMetaData group : parquet.getFooter().getBlocks()) {
        ColumnChunkMetaData chunk = group.getColumns().get(5);
        assertEquals("entropy", chunk.getPath().toDotString());
        OffsetIndex index = parquet.readOffsetIndex(chunk);
        for (int page = 0; page < index.getPageCount(); page++, row++) {
          List<ByteRange> ranges = reader.ranges(row, row + 1, entropy);
          ByteRange place = new ByteRange(index.getOffset(page), index.getCompressedPageSize(page));
          assertEquals(place, ranges.get(ranges.size() - 1));
          assertEquals(5, ranges.size(), "sequence, fingerprint, tokens, segments apart");
        }
      }
      assertEquals(ROWS, row);
    }
    assertEquals(4, reader.ranges(0, ROWS, entropy).size(), "two in each group");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 65_536, 65_537, 131_072, 151_936, 1 << 20, 1 << 24})
  void idsOfWideVocabulariesComeBack(int vocabulary) throws IOException {
    StatisticsBatch batch = batch(33, vocabulary);
    batch.ids()[5] = vocabulary - 1;
    ShardReader reader = write(batch, vocabulary);
    for (int max : new int[] {1, 8, 9, 64}) {
      Projection projection = new Projection(Projection.ALL.columns(), max);
      StatisticsBatch read = read(reader, projection);
      for (int i = 0; i < batch.tokens().slots(); i++) {
        int from = batch.offsets()[i];
        int to = Math.min(from + max, batch.offsets()[i + 1]);
        assertArrayEquals(
            Arrays.copyOfRange(batch.ids(), from, to),
            Arrays.copyOfRange(read.ids(), read.offsets()[i], read.offsets()[i + 1]));
      }
    }
  }

  /** What the network gives may lie in direct memory, or somewhere in an array. */
  @Test
  void readsDirectBuffers() throws IOException {
    StatisticsBatch batch = batch(64, 1000);
    ShardReader reader = write(batch, 1000);
    List<ByteBuffer> direct =
        reader.ranges(0, ROWS, Projection.ALL).stream()
            .map(range -> ByteBuffer.allocateDirect(range.length()).put(slice(range)).flip())
            .toList();
    StatisticsBatch read = reader.decode(0, ROWS, Projection.ALL, direct);
    assertArrayEquals(Arrays.copyOf(batch.ids(), batch.entries()), read.ids());
    assertArrayEquals(batch.entropy(), read.entropy());
  }

  private static StatisticsBatch batch(int length, int vocabulary) {
    Random random = new Random(3);
    TokenBatch tokens = SampleBatches.tokens(random, 0, ROWS, length, vocabulary);
    return SampleBatches.statistics(random, tokens, 64, vocabulary);
  }

  private ShardReader write(StatisticsBatch batch, int vocabulary) throws IOException {
    Path file = directory.resolve("shard.parquet");
    ShardHeader header =
        new ShardHeader(
            "planes", "top-k:64", "a", "t", "t", vocabulary, 0, ROWS, batch.tokens().length());
    try (ShardWriter writer = new PlanesLayout().writer(file, header)) {
      writer.write(batch);
      SealedFile sealed = writer.finish();
      bytes = Files.readAllBytes(file);
      ByteRange tail = Footer.range("blob", bytes.length, sealed.footerBytes());
      return new PlanesLayout()
          .reader(Footer.parse("blob", bytes.length, slice(tail), sealed.footerCrc32c()));
    }
  }

  private StatisticsBatch read(ShardReader reader, Projection projection) {
    List<ByteBuffer> fetched =
        reader.ranges(0, ROWS, projection).stream().map(this::slice).toList();
    return reader.decode(0, ROWS, projection, fetched);
  }

  private ByteBuffer slice(ByteRange range) {
    return ByteBuffer.wrap(bytes, (int) range.offset(), range.length()).slice();
  }
}
