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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedCorpusTest {
  private static final String LINES =
      String.join(
          "", IntStream.range(0, 9000).mapToObj(i -> "{\"text\":\"line " + i + "\"}\n").toList());

  @TempDir Path directory;

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] zstd(String text) {
    return Zstd.compress(text.getBytes(UTF_8), 3);
  }

  private static List<String> texts(Path file) {
    return Corpora.read(Corpora.fileSplit(file), Corpora.OPTIONS).stream()
        .map(Corpora.Document::text)
        .toList();
  }

  @Test
  void compressedFilesHoldTheDocumentsOfTheirText() {
    List<String> expected = texts(Corpora.write(directory, "a.jsonl", LINES + " \n"));
    assertEquals(9000, expected.size());
    int half = LINES.indexOf("4500");
    for (UnaryOperator<byte[]> twice :
        List.<UnaryOperator<byte[]>>of(b -> b, b -> Bytes.concat(b, gzip(LINES)))) {
      assertEquals(
          expected,
          texts(Corpora.write(directory, "a.jsonl.gz", twice.apply(gzip(LINES)))).subList(0, 9000));
    }
    // Members and frames need not end where lines do, and may be empty.
    byte[] members =
        Bytes.concat(gzip(LINES.substring(0, half)), gzip(""), gzip(LINES.substring(half)));
    assertEquals(expected, texts(Corpora.write(directory, "a.jsonl.gz", members)));
    byte[] frames =
        Bytes.concat(zstd(LINES.substring(0, half)), zstd(""), zstd(LINES.substring(half)));
    assertEquals(expected, texts(Corpora.write(directory, "a.jsonl.zst", frames)));
    assertEquals(List.of("a\nb"), texts(Corpora.write(directory, "a.txt.zst", zstd("a\nb"))));
    assertEquals(List.of(), texts(Corpora.write(directory, "a.txt.gz", gzip(""))));
  }

  @Test
  void gzipHeadersMayHoldNamesAndMore() {
    byte[] plain = gzip("Call me Ishmael.");
    byte[] fields = {5, 0, 1, 2, 3, 4, 5, 'n', 0, 'c', 0, 9, 9};
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 4 | 8 | 16 | 2;
    byte[] full = Bytes.concat(header, fields, Arrays.copyOfRange(plain, 10, plain.length));
    assertEquals(List.of("Call me Ishmael."), texts(Corpora.write(directory, "a.txt.gz", full)));
  }

  @Test
  void aCompressedFileIsNotCutButGrouped() {
    Corpora.write(directory, "a.jsonl.gz", gzip(LINES));
    Corpora.write(directory, "b.jsonl.zst", zstd(LINES));
    Corpora.write(directory, "c.jsonl.bz2", "not read");
    CorpusPlan cut = CorpusPlan.of(List.of(directory.toString()), Corpora.OPTIONS, 1000);
    assertEquals(List.of(1, 1), cut.splits().stream().map(u -> u.fileSplits().size()).toList());
    CorpusPlan grouped = CorpusPlan.of(List.of(directory.toString()), Corpora.OPTIONS, 1 << 20);
    assertEquals(List.of(2), grouped.splits().stream().map(u -> u.fileSplits().size()).toList());
    assertEquals(Corpora.read(cut, Corpora.OPTIONS), Corpora.read(grouped, Corpora.OPTIONS));
  }

  @Test
  void theCompressionIsPartOfTheUnitsHash() {
    // The same bytes under another suffix are other documents.
    FileSplit gzip = Corpora.fileSplit(Corpora.write(directory, "a.txt.gz", gzip("a")));
    FileSplit text = Corpora.fileSplit(Corpora.write(directory, "a.txt", gzip("a")));
    assertEquals(gzip.sha256(), text.sha256());
    assertNotEquals(
        CorpusSplit.of(List.of(gzip), Corpora.OPTIONS).contentHash(),
        CorpusSplit.of(List.of(text), Corpora.OPTIONS).contentHash());
  }

  @Test
  void everyTruncationIsNoticed() {
    byte[] gzip = Bytes.concat(gzip("Call me "), gzip("Ishmael."));
    int whole = gzip("Call me ").length;
    for (int length = 1; length < gzip.length; length++) {
      if (length != whole) {
        assertBad("a.txt.gz", Arrays.copyOf(gzip, length), "truncated", "ends at byte " + length);
      }
    }
    byte[] zstd = zstd("Call me Ishmael. ".repeat(100));
    for (int length = 1; length < zstd.length; length++) {
      assertBad("a.txt.zst", Arrays.copyOf(zstd, length), "truncated", "ends at byte " + length);
    }
    for (String name : List.of("a.txt.gz", "a.jsonl.zst")) {
      Path empty = Corpora.write(directory, name, "");
      String message =
          Corpora.failure(
              DataException.class, () -> CorpusPlan.of(List.of(empty.toString()), Corpora.OPTIONS));
      assertTrue(message.contains(name + ": 0 bytes are no"), message);
    }
  }

  @Test
  void corruptStreamsAreNamed() {
    byte[] gzip = gzip(LINES);
    assertBad(
        "a.txt.gz", Bytes.concat(gzip, new byte[] {1, 2, 3}), "corrupt", "follows its last member");
    assertBad("b.txt.gz", "plain text".getBytes(UTF_8), "corrupt", "does not begin as gzip");
    byte[] flipped = gzip.clone();
    flipped[gzip.length - 6] ^= 1;
    assertBad("c.txt.gz", flipped, "corrupt", "another CRC-32", "131072 bytes of text");
    flipped = gzip.clone();
    flipped[gzip.length - 2] ^= 1;
    assertBad("d.txt.gz", flipped, "corrupt", "another length");
    flipped = gzip.clone();
    flipped[gzip.length / 2] ^= 1;
    assertBad("e.txt.gz", flipped, "e.txt.gz", "corrupt", "at or before byte");
    assertBad("f.txt.zst", Bytes.concat(zstd("a"), "plain".getBytes(UTF_8)), "corrupt");
    assertBad("g.txt.zst", "plain text".getBytes(UTF_8), "g.txt.zst: the zstd stream is corrupt");
  }

  @Test
  void placesAreThoseOfTheText() {
    Path file = Corpora.write(directory, "a.jsonl.gz", gzip("{\"text\":\"\"}\n{oops\n"));
    assertFails(Corpora.fileSplit(file), "a.jsonl.gz (decompressed): line 2 is not JSON");
    Path text = Corpora.write(directory, "a.txt.zst", Zstd.compress(new byte[] {'a', -1}));
    assertFails(Corpora.fileSplit(text), "a.txt.zst (decompressed): byte offset 1: 0xFF");
  }

  @Test
  void aChangeSincePlanningIsToldFirst() {
    FileSplit fileSplit = Corpora.fileSplit(Corpora.write(directory, "a.txt.gz", gzip("planned")));
    byte[] other = gzip("PLANNED");
    other[12] ^= 1;
    Corpora.write(directory, "a.txt.gz", other);
    assertFails(fileSplit, "a.txt.gz has changed since the corpus was planned");
  }

  private void assertBad(String name, byte[] bytes, String... parts) {
    assertFails(Corpora.fileSplit(Corpora.write(directory, name, bytes)), parts);
  }

  private static void assertFails(FileSplit fileSplit, String... parts) {
    String message =
        Corpora.failure(DataException.class, () -> Corpora.read(fileSplit, Corpora.OPTIONS));
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
