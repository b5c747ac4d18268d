package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetCorpusTest {
  private static final List<String> TEXTS =
      IntStream.range(0, 1000).mapToObj(i -> i % 7 == 0 ? "" : "é row " + i).toList();

  @TempDir Path directory;

  private Path file(CompressionCodecName codec) {
    List<byte @Nullable []> texts = new ArrayList<>();
    TEXTS.forEach(text -> texts.add(text.getBytes(UTF_8)));
    return ParquetFiles.write(directory.resolve("a.parquet"), codec, 100, texts);
  }

  private static CorpusPlan plan(Path path, CorpusOptions options, long target) {
    return CorpusPlan.of(List.of(path.toString()), options, target);
  }

  private static List<Corpora.Document> read(Path path, long target) {
    return Corpora.read(plan(path, Corpora.OPTIONS, target), Corpora.OPTIONS);
  }

  @Test
  void everyCodecThatIsReadGivesTheRows() {
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD)) {
      List<Corpora.Document> documents = read(file(codec), 1 << 20);
      assertEquals(TEXTS, documents.stream().map(Corpora.Document::text).toList());
      assertEquals(
          IntStream.range(0, 1000).mapToObj(i -> "a.parquet " + i).toList(),
          documents.stream().map(d -> d.source().file() + " " + d.source().document()).toList());
    }
  }

  @Test
  void filesAreCutAtRowGroups() {
    Path file = file(CompressionCodecName.SNAPPY);
    List<Corpora.Document> whole = read(file, 1 << 20);
    assertEquals(10, plan(file, Corpora.OPTIONS, 1).splits().size());
    for (int target = 1; target < 30_000; target += 997) {
      assertEquals(whole, read(file, target), "target " + target);
      CorpusPlan plan = plan(file, Corpora.OPTIONS, target);
      assertEquals(Corpora.bytes(file).length, plan.bytes());
    }
  }

  @Test
  void theSameStoriesAsTheJsonl() {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set");
    Path corpora = Path.of(String.valueOf(data), "corpora");
    List<String> parquet = texts(read(corpora.resolve("tinystories-1000.parquet"), 100_000));
    assertEquals(1000, parquet.size());
    assertEquals(texts(read(corpora.resolve("tinystories-1000.jsonl"), 1 << 20)), parquet);
  }

  private static List<String> texts(List<Corpora.Document> documents) {
    return documents.stream().map(Corpora.Document::text).toList();
  }

  @Test
  void columnsThatAreMissingOrNoStringAreNamed() {
    Path file = file(CompressionCodecName.ZSTD);
    assertFails(file, "body", "no column 'body'; present: [id, text, raw, words]", "--text-field");
    assertFails(file, "id", "column 'id' is 'required int64 id', need a column of strings");
    assertFails(file, "raw", "column 'raw' is 'optional binary raw'");
    assertFails(file, "words", "column 'words' is 'repeated binary words (STRING)'");
  }

  @Test
  void aCodecThatIsNotReadIsNamed() {
    assertFails(file(CompressionCodecName.LZ4_RAW), "text", "compressed with LZ4_RAW", "GZIP");
    assertFails(file(CompressionCodecName.BROTLI), "text", "compressed with BROTLI");
  }

  @Test
  void rowsThatAreNoTextAreNamed() {
    Path nulls =
        ParquetFiles.write(
            directory.resolve("n.parquet"),
            CompressionCodecName.ZSTD,
            10,
            Arrays.asList("a".getBytes(UTF_8), null));
    assertFails(nulls, "text", "n.parquet: row 1: column 'text' is null");
    Path latin =
        ParquetFiles.write(
            directory.resolve("l.parquet"),
            CompressionCodecName.ZSTD,
            10,
            Arrays.asList("a".getBytes(UTF_8), new byte[] {'c', (byte) 0xe9, 'x'}));
    assertFails(latin, "text", "l.parquet: row 1: byte offset 1: 0xE9");
  }

  @Test
  void truncatedAndForeignFilesAreNamed() {
    byte[] right = Corpora.bytes(file(CompressionCodecName.ZSTD));
    Path bad = directory.resolve("bad.parquet");
    for (int length : new int[] {1, 11, 12, 100, right.length / 2, right.length - 1}) {
      Corpora.write(directory, "bad.parquet", Arrays.copyOf(right, length));
      assertFails(bad, "text", "bad.parquet", "get the whole file");
    }
    byte[] claims = right.clone();
    ByteBuffer.wrap(claims).order(ByteOrder.LITTLE_ENDIAN).putInt(right.length - 8, -5);
    Corpora.write(directory, "bad.parquet", claims);
    assertFails(bad, "text", "the footer claims 4294967291 bytes");
    Corpora.write(directory, "bad.parquet", "");
    assertFails(bad, "text", "0 bytes are no parquet file");
  }

  @Test
  void encryptedColumnsAreNamed() {
    List<byte[]> texts = List.of("a".getBytes(UTF_8), "b".getBytes(UTF_8));
    for (String column : List.of("text", "id")) {
      Path file = ParquetFiles.encrypted(directory.resolve("e.parquet"), column, texts);
      assertFails(file, "text", "e.parquet: it has encrypted columns, which are not read");
    }
  }

  @Test
  void whatParquetSaysHoldsNoClassNames() {
    byte[] right = Corpora.bytes(file(CompressionCodecName.SNAPPY));
    for (int at = right.length - 2000; at < right.length - 8; at += 7) {
      byte[] bytes = right.clone();
      bytes[at] ^= 0x55;
      Path bad = Corpora.write(directory, "bad.parquet", bytes);
      try {
        read(bad, 1 << 20);
      } catch (DataException e) {
        assertTrue(!e.getMessage().matches("(?s).*\\b(org|java|com)\\.[a-z].*"), e.getMessage());
      }
    }
  }

  @Test
  void damageIsAlwaysADataException() {
    byte[] right = Corpora.bytes(file(CompressionCodecName.SNAPPY));
    Random random = new Random(1);
    int failures = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bytes = right.clone();
      // Half of them in the footer, which is what is believed first.
      int from = i % 2 == 0 ? 0 : right.length - 3000;
      bytes[from + random.nextInt(right.length - from)] ^= (byte) (1 << random.nextInt(8));
      Path bad = Corpora.write(directory, "bad.parquet", bytes);
      try {
        read(bad, 1 << 20);
      } catch (DataException e) {
        assertTrue(e.getMessage().contains("bad.parquet"), e.getMessage());
        failures++;
      }
    }
    assertTrue(failures > 100, failures + " of 400 were noticed");
  }

  @Test
  void aFileThatChangedSincePlanningIsNamed() {
    Path file = file(CompressionCodecName.ZSTD);
    List<CorpusSplit> splits = plan(file, Corpora.OPTIONS, 10_000).splits();
    FileSplit last = splits.get(splits.size() - 1).fileSplits().get(0);
    byte[] bytes = Corpora.bytes(file);
    bytes[(int) last.offset() + 50] ^= 1;
    Corpora.write(directory, "a.parquet", bytes);
    String message =
        Corpora.failure(DataException.class, () -> Corpora.read(last, Corpora.OPTIONS));
    assertTrue(message.contains("a.parquet has changed since the corpus was planned"), message);
  }

  private static void assertFails(Path file, String field, String... parts) {
    CorpusOptions options = new CorpusOptions(field, false, 2, null);
    String message =
        Corpora.failure(
            DataException.class, () -> Corpora.read(plan(file, options, 1 << 20), options));
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
