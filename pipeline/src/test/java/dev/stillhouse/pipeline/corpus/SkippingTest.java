package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.Bytes;
import dev.stillhouse.pipeline.packing.PackedDocuments;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.packing.RowBuilder;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.SkippedDocument;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --on-bad-document skip}. */
class SkippingTest {
  private static final CorpusOptions SKIP =
      new CorpusOptions("text", true, 2, null).taking(FileSplit.ALL, 1, true);

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Pattern LONG = Pattern.compile("stillhouse-document");

  @TempDir Path directory;
  private final List<String> skipped = new ArrayList<>();

  /** The text of all rows, with skipping. */
  private String pack(Path file, CorpusOptions options) {
    TextTokenizer gpt2 = Tokenizers.named("gpt2");
    Packer packer = new Packer(new Packing(1, 8, null), options, gpt2);
    StringBuilder text = new StringBuilder();
    for (CorpusSplit split : CorpusPlan.of(List.of(file.toString()), options).splits()) {
      packer.pack(
          split,
          (tokens, segments, sources) -> text.append(gpt2.decode(tokens)),
          (SkippedDocument next) -> skipped.add(next.toString()),
          bytes -> {});
    }
    return text.toString();
  }

  private void assertSkipped(String... parts) {
    assertEquals(parts.length, skipped.size(), skipped.toString());
    for (int i = 0; i < parts.length; i++) {
      assertTrue(skipped.get(i).contains(parts[i]), skipped.get(i));
      assertTrue(!skipped.get(i).contains(directory.toString()), "no path: " + skipped.get(i));
    }
  }

  @Test
  void badLinesAreLeftOutWhole() {
    String lines =
        """
        {"text":"a"}
        {oops

        {"body":"b"}
        {"text":null}
        {"text":"\\ud83d"}
        {"text":"c"}
        """;
    byte[] latin = Bytes.concat("{\"text\":\"".getBytes(UTF_8), new byte[] {-1, '"', '}', '\n'});
    byte[] all = Bytes.concat(lines.getBytes(UTF_8), latin, "{\"text\":\"d\"}\n\n".getBytes(UTF_8));
    Path file = Corpora.write(directory, "a.jsonl", all);
    assertEquals("acd", pack(file, SKIP));
    assertSkipped(
        "a.jsonl, document 1: line 2 is not JSON",
        "a.jsonl, document 3: line 4 has no field 'text'",
        "a.jsonl, document 4: line 5 field 'text' is a JSON null",
        "a.jsonl, document 5: line 6 field 'text' holds half a surrogate pair",
        "a.jsonl, document 7: byte offset 87: 0xFF");
  }

  @Test
  void aLineThatIsTooLongIsLeftOut() {
    Path file =
        Corpora.write(directory, "a.jsonl", "{\"text\":\"a\"}\n" + "x".repeat(200_000) + "\n{}\n");
    List<String> seen = new ArrayList<>();
    new JsonlReader("text", 50)
        .read(
            Corpora.fileSplit(file),
            new PackedDocuments(
                "",
                Tokenizers.named("gpt2"),
                new RowBuilder(new Packing(1, 1, null), (a, b, c) -> {}),
                bytes -> {}) {
              @Override
              public void bad(SegmentSource source, BadDocumentException why) {
                seen.add(source.document() + " " + why.reason());
              }
            });
    assertEquals(2, seen.size());
    assertEquals("1 line 2 is longer than 50 bytes; split it", seen.get(0));
    assertTrue(seen.get(1).startsWith("2 line 3 has no field"), seen.get(1));
  }

  @Test
  void paragraphsAreLeftOutWhole() {
    byte[] bad = {-1};
    String run = "x".repeat(2 << 20);
    byte[] text =
        Bytes.concat(
            "one\n\ntwo".getBytes(UTF_8),
            bad,
            ("\n\nthree\n\n" + run + "\n\nfour\n\nfi").getBytes(UTF_8),
            new byte[] {(byte) 0xE2, (byte) 0x80});
    Path file = Corpora.write(directory, "a.txt", text);
    assertEquals("one\n\nthree\n\nfour\n\n", pack(file, SKIP));
    assertSkipped(
        "a.txt, document 1: byte offset 8: 0xFF",
        "a.txt, document 3: more than 1048576 characters without a place to cut",
        "a.txt, document 5: byte offset " + (text.length - 2) + ": 0xE2");
  }

  @Test
  void aWholeTextFileIsLeftOutHoweverLateItIsBad() {
    byte[] long1 = "Call me Ishmael. ".repeat(20_000).getBytes(UTF_8);
    Corpora.write(directory, "c/a.txt", Bytes.concat(long1, new byte[] {-1}, long1));
    Corpora.write(directory, "c/b.txt", "good");
    CorpusOptions whole = Corpora.OPTIONS.taking(FileSplit.ALL, 1, true);
    assertEquals("good", pack(directory.resolve("c"), whole));
    assertSkipped("a.txt, document 0: byte offset 340000");
  }

  @Test
  void nullRowsAreLeftOut() {
    Path file =
        ParquetFiles.write(
            directory.resolve("a.parquet"),
            CompressionCodecName.ZSTD,
            2,
            Arrays.asList("a".getBytes(UTF_8), null, new byte[] {-1}, "b".getBytes(UTF_8)));
    assertEquals("ab", pack(file, SKIP));
    assertSkipped("a.parquet, document 1: row 1: column", "a.parquet, document 2: byte offset 0");
  }

  @Test
  void goodDocumentsAreTheSameEitherWay() {
    Corpora.write(directory, "a.txt", "one\n\ntwo\n\n" + "three ".repeat(50_000));
    CorpusOptions fail = SKIP.taking(FileSplit.ALL, 1, false);
    assertEquals(pack(directory, fail), pack(directory, SKIP));
    CorpusPlan plan = CorpusPlan.of(List.of(directory.toString()), SKIP);
    assertEquals(
        Corpora.hashes(CorpusPlan.of(List.of(directory.toString()), fail)), Corpora.hashes(plan));
  }

  @Test
  void aBadFileIsNeverSkipped() {
    byte[] gzip = CompressedCorpusTest.gzip("one\n\ntwo\n");
    Path cut = Corpora.write(directory, "a.txt.gz", Arrays.copyOf(gzip, gzip.length - 1));
    String message = Corpora.failure(DataException.class, () -> pack(cut, SKIP));
    assertTrue(message.contains("truncated"), message);
    Path ids = Corpora.write(directory, "a.bin", Corpora.uint16(1, 60_000));
    message = Corpora.failure(DataException.class, () -> pack(ids, SKIP));
    assertTrue(message.contains("id 60000"), message);
  }

  /** Else the disk stays full of it until this process ends. */
  @Test
  void theFileOfALongDocumentGoesWhereItsCorpusCannotBeRead() throws IOException {
    assumeTrue(Files.isDirectory(OPEN_FILES), "the list of open files is Linux's");
    int[] ids = new int[DocumentIds.MAX + FileSplitInput.BUFFER];
    ids[ids.length - 1] = 60_000;
    Path file = Corpora.write(directory, "a.bin", Corpora.uint16(ids));
    String message = Corpora.failure(DataException.class, () -> pack(file, SKIP));
    assertTrue(message.contains("id 60000"), message);
    try (Stream<Path> open = Files.list(OPEN_FILES)) {
      assertEquals(List.of(), open.map(SkippingTest::target).filter(LONG.asPredicate()).toList());
    }
  }

  private static String target(Path open) {
    try {
      return Files.readSymbolicLink(open).toString();
    } catch (IOException e) {
      return ""; // It was closed meanwhile, as the list itself is.
    }
  }

  @Test
  void idsOfALongDocumentWaitInAFile() {
    for (int count : new int[] {0, 1, 1023, 1024, 2048, 2049, 7000}) {
      List<Integer> expected = new ArrayList<>();
      List<Integer> seen = new ArrayList<>();
      try (DocumentIds ids = new DocumentIds(1024)) {
        ids.add(-5);
        ids.clear();
        for (int round = 0; round < 2; round++) {
          for (int i = 0; i < count; i++) {
            ids.add(i * 7919);
            expected.add(i * 7919);
          }
          ids.drain(seen::add);
        }
      }
      assertEquals(expected, seen);
    }
  }
}
