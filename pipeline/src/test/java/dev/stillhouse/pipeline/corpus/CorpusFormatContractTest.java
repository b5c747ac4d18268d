package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.google.common.primitives.Bytes;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every format of a corpus does, whatever its documents are. */
@Timeout(120)
class CorpusFormatContractTest {
  private static final int DOCUMENTS = 12;

  /** Paragraphs are documents, and 9 ends one of a token file. */
  private static final CorpusOptions OPTIONS = new CorpusOptions("text", true, 2, 9);

  @TempDir Path directory;

  /** A new format has its line here: {@value #DOCUMENTS} documents, some of them in any file. */
  private Path sample(CorpusFormat format) {
    String name = "sample" + format.suffix();
    return switch (format) {
      case TEXT -> Corpora.write(directory, name, lines("Call me %d.\nAé—😀.\n\n"));
      case JSONL -> Corpora.write(directory, name, lines("{\"text\":\"Call me %d, é😀.\"}\n \n"));
      case TOKENS ->
          Corpora.write(
              directory,
              name,
              Bytes.concat(
                  IntStream.range(0, DOCUMENTS)
                      .mapToObj(i -> Corpora.uint16(100 + i, 50_000, 9))
                      .toArray(byte[][]::new)));
      case PARQUET ->
          ParquetFiles.write(
              directory.resolve(name),
              CompressionCodecName.SNAPPY,
              3,
              IntStream.range(0, DOCUMENTS)
                  .mapToObj(i -> ("Call me " + i).getBytes(UTF_8))
                  .toList());
    };
  }

  private static String lines(String line) {
    return String.join(
        "", IntStream.range(0, DOCUMENTS).mapToObj(i -> String.format(line, i)).toList());
  }

  private static List<Corpora.Document> read(Path file, CorpusOptions options, long target) {
    return Corpora.read(CorpusPlan.of(List.of(file.toString()), options, target), options);
  }

  @ParameterizedTest
  @EnumSource
  void documentsAreTheSameHoweverAFileIsCut(CorpusFormat format) {
    Path file = sample(format);
    List<Corpora.Document> whole = Corpora.read(Corpora.fileSplit(file), OPTIONS);
    assertEquals(DOCUMENTS, whole.size());
    assertEquals(DOCUMENTS, whole.stream().distinct().count());
    int splits = 0;
    for (int target = 1; target < 300; target += 7) {
      assertEquals(whole, read(file, OPTIONS, target), "target " + target);
      splits =
          Math.max(
              splits, CorpusPlan.of(List.of(file.toString()), OPTIONS, target).splits().size());
    }
    assertTrue(splits > 1, "it is cut");
  }

  @ParameterizedTest
  @EnumSource
  void theFirstDocumentsAreTakenAsTheyAre(CorpusFormat format) {
    Path file = sample(format);
    List<Corpora.Document> whole = Corpora.read(Corpora.fileSplit(file), OPTIONS);
    for (int max = 1; max <= DOCUMENTS + 1; max++) {
      CorpusOptions first = OPTIONS.taking(max, 1, false);
      for (int target : new int[] {1, 50, 100_000}) {
        assertEquals(whole.subList(0, Math.min(max, DOCUMENTS)), read(file, first, target));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void compressedFilesHoldTheSameDocuments(CorpusFormat format) throws IOException {
    Path file = sample(format);
    byte[] bytes = Files.readAllBytes(file);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    }
    Path zipped = Corpora.write(directory, file.getFileName() + ".gz", gzip.toByteArray());
    Path zstd = Corpora.write(directory, file.getFileName() + ".zst", Zstd.compress(bytes));
    List<String> whole = texts(Corpora.read(Corpora.fileSplit(file), OPTIONS));
    for (Path compressed : List.of(zipped, zstd)) {
      if (CorpusFormat.of(compressed.toString()).isPresent()) {
        assertEquals(whole, texts(read(compressed, OPTIONS, 1)));
        assertEquals(whole.subList(0, 5), texts(read(compressed, OPTIONS.taking(5, 1, false), 1)));
      } else {
        assertTrue(!format.isText(), "text is read from compressed files too");
      }
    }
  }

  private static List<String> texts(List<Corpora.Document> documents) {
    return documents.stream().map(document -> document.text() + document.tokens()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void theIdentityIsOfBytesAndOfSettingsThatMatter(CorpusFormat format) throws IOException {
    Path file = sample(format);
    List<String> hashes = hashes(file);
    Path renamed = Files.copy(file, directory.resolve("renamed" + format.suffix()));
    assertEquals(hashes, hashes(renamed));
    byte[] bytes = Files.readAllBytes(file);
    bytes[6] ^= 1; // of a document, not of a footer
    assertNotEquals(hashes, hashes(Files.write(renamed, bytes)));
    for (CorpusFormat other : CorpusFormat.values()) {
      assertEquals(
          format == other, format.settings(OPTIONS).equals(other.settings(OPTIONS)), "settings");
    }
  }

  private static List<String> hashes(Path file) {
    return Corpora.hashes(CorpusPlan.of(List.of(file.toString()), OPTIONS, 1 << 20));
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatChangedIsFound(CorpusFormat format) throws IOException {
    Path file = sample(format);
    FileSplit split = Corpora.fileSplit(file);
    byte[] bytes = Files.readAllBytes(file);
    byte[] other = bytes.clone();
    other[0] ^= 1;
    for (byte[] changed : List.of(other, java.util.Arrays.copyOf(bytes, bytes.length - 2))) {
      Files.write(file, changed);
      String message = Corpora.failure(DataException.class, () -> Corpora.read(split, OPTIONS));
      assertTrue(message.contains(file.toString()), message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFileHasNoDocumentsOrIsRefusedInWords(CorpusFormat format) {
    Path empty = Corpora.write(directory, "empty" + format.suffix(), "");
    Path file = sample(format);
    List<String> both = List.of(empty.toString(), file.toString());
    if (format == CorpusFormat.PARQUET) {
      String message =
          Corpora.failure(DataException.class, () -> CorpusPlan.of(both, OPTIONS, 100));
      assertTrue(message.contains("0 bytes are no parquet file"), message);
    } else {
      assertEquals(DOCUMENTS, Corpora.read(CorpusPlan.of(both, OPTIONS, 100), OPTIONS).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void standardInputIsReadUnderTheFormatsName(CorpusFormat format) throws IOException {
    Path file = sample(format);
    String name = format.suffix().substring(1);
    assertTrue(CorpusFormat.names().contains(name), name);
    try (StandardInput input = StandardInput.copy(Files.newInputStream(file), name)) {
      assertEquals(format, input.file().format());
    }
  }
}
