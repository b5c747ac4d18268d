package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import dev.stillhouse.storage.DataException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentReaderTest {
  @TempDir Path directory;

  @Test
  void textIsKeptToTheCharacter() {
    // Longer than a buffer, with characters of 1 to 4 bytes cut by its end at every place.
    for (int shift = 0; shift < 10; shift++) {
      String text = "x".repeat(shift) + "aé—😀\r\n".repeat(12_000);
      Path file = Corpora.write(directory, "a.txt", text);
      assertEquals(List.of(text), texts(file, Corpora.OPTIONS));
    }
  }

  @Test
  void paragraphsKeepTheBlankLinesThatFollow() {
    Path file = Corpora.write(directory, "a.txt", "\none\ntwo\n\n\nthree\r\n\r\nfour\n \nfive");
    assertEquals(
        List.of("\none\ntwo\n\n\n", "three\r\n\r\n", "four\n \nfive"),
        texts(file, Corpora.PARAGRAPHS));
    assertEquals(
        List.of("\n\n"), texts(Corpora.write(directory, "b.txt", "\n\n"), Corpora.PARAGRAPHS));
    assertEquals(List.of(), texts(Corpora.write(directory, "c.txt", ""), Corpora.PARAGRAPHS));
  }

  @Test
  void bytesThatAreNotUtf8AreNamed() {
    byte[] text = "x".repeat(100_000).getBytes(UTF_8);
    byte[] latin1 = {(byte) 0xE9, 'a'};
    byte[] cut = {(byte) 0xE2, (byte) 0x80};
    Path file = Corpora.write(directory, "a.txt", Bytes.concat(text, latin1));
    assertBad(file, Corpora.OPTIONS, "a.txt: byte offset 100000: 0xE9", "must be UTF-8");
    file = Corpora.write(directory, "b.txt", Bytes.concat(text, cut));
    assertBad(file, Corpora.OPTIONS, "b.txt: byte offset 100000: 0xE2");
    file = Corpora.write(directory, "c.jsonl", Bytes.concat("{}\n{\"".getBytes(UTF_8), latin1));
    assertBad(file, new CorpusOptions("x", false, 2, null), "line 1 has no field 'x'");
    file =
        Corpora.write(
            directory, "d.jsonl", Bytes.concat("{\"text\":\"\"}\n{\"".getBytes(UTF_8), latin1));
    assertBad(file, Corpora.OPTIONS, "d.jsonl: byte offset 14: 0xE9");
  }

  @Test
  void jsonlGivesTheField() {
    String lines =
        "{\"id\":1,\"text\":\"a\\nb \\ud83d\\ude00\"}\r\n{\"text\":\"\"}\n{\"text\":\"c\"}";
    for (String end : List.of("", "\n", "\n\n", "\n \r\n", "\n\t ")) {
      Path file = Corpora.write(directory, "a.jsonl", lines + end);
      assertEquals(List.of("a\nb 😀", "", "c"), texts(file, Corpora.OPTIONS));
    }
  }

  @Test
  void badLinesSayWhatIsWrong() {
    assertBadLine("{\"text\":", "a.jsonl: line 2 is not JSON");
    assertBadLine("{} {}", "line 2 is not JSON");
    assertBadLine("{\"text\":\"a\",\"text\":\"b\"}", "line 2 is not JSON: Duplicate field 'text'");
    assertBadLine("[1]", "line 2 is a JSON array, need an object");
    assertBadLine("{\"id\":1,\"body\":\"\"}", "line 2 has no field 'text'; present: [id, body]");
    assertBadLine("{\"text\":5}", "line 2 field 'text' is a JSON number, need a string");
    assertBadLine("{\"text\":null}", "line 2 field 'text' is a JSON null, need a string");
    assertBadLine("{\"text\":\"ab\\ud83d\"}", "half a surrogate pair (\\ud83d) at character 2");
  }

  private void assertBadLine(String line, String part) {
    String good = "{\"text\":\"good\"}\n";
    assertBad(
        Corpora.write(directory, "a.jsonl", good + line + "\n" + good), Corpora.OPTIONS, part);
  }

  @Test
  void aLineHasALimit() {
    Path file = Corpora.write(directory, "a.jsonl", "{\"text\":\"0123456789\"}\n");
    assertEquals(1, Corpora.read(Corpora.fileSplit(file), new JsonlReader("text", 21)).size());
    String message =
        Corpora.failure(
            DataException.class,
            () -> Corpora.read(Corpora.fileSplit(file), new JsonlReader("text", 20)));
    assertTrue(message.contains("a.jsonl: line 1 is longer than 20 bytes"), message);
  }

  @Test
  void tokenFilesEndDocumentsAtTheSeparator() {
    List<List<Integer>> expected = List.of(List.of(1, 2), List.of(), List.of(50000));
    int[] ids = {1, 2, 7, 7, 50000};
    Path small = Corpora.write(directory, "a.bin", Corpora.uint16(ids));
    assertEquals(expected, tokens(small, new CorpusOptions("text", false, 2, 7)));
    Path large = Corpora.write(directory, "b.bin", Corpora.uint32(ids));
    assertEquals(expected, tokens(large, new CorpusOptions("text", false, 4, 7)));
    assertEquals(List.of(List.of(1, 2, 7, 7, 50000)), tokens(small, Corpora.OPTIONS));
  }

  @Test
  void idsOutsideTheVocabularyAreNamed() {
    assertBad(
        Corpora.write(directory, "a.bin", Corpora.uint16(1, 2, 50257)),
        Corpora.OPTIONS,
        "a.bin: byte offset 4: id 50257, but the tokenizer's vocabulary is 50257");
    assertBad(
        Corpora.write(directory, "b.bin", Corpora.uint32(1, -1)),
        new CorpusOptions("text", false, 4, null),
        "b.bin: byte offset 4: id 4294967295");
    assertBad(
        Corpora.write(directory, "c.bin", new byte[6]),
        new CorpusOptions("text", false, 4, null),
        "c.bin: 6 bytes are no whole number of uint32 ids");
  }

  @Test
  void aFileThatChangedSincePlanningIsNamed() {
    Path file = Corpora.write(directory, "a.txt", "planned");
    FileSplit fileSplit = Corpora.fileSplit(file);
    Corpora.write(directory, "a.txt", "PLANNED");
    assertBad(
        fileSplit, Corpora.OPTIONS, "a.txt has changed since the corpus was planned", "sha256");
    Corpora.write(directory, "a.txt", "plan");
    assertBad(fileSplit, Corpora.OPTIONS, "a.txt has changed", "it ends at byte 4");
    // What was added since is not part of the plan.
    Corpora.write(directory, "a.txt", "planned and more");
    assertEquals("planned", Corpora.read(fileSplit, Corpora.OPTIONS).get(0).text());
  }

  private static List<String> texts(Path file, CorpusOptions options) {
    return Corpora.read(Corpora.fileSplit(file), options).stream()
        .map(Corpora.Document::text)
        .toList();
  }

  private static List<List<Integer>> tokens(Path file, CorpusOptions options) {
    return Corpora.read(Corpora.fileSplit(file), options).stream()
        .map(Corpora.Document::tokens)
        .toList();
  }

  private static void assertBad(Path file, CorpusOptions options, String... parts) {
    assertBad(Corpora.fileSplit(file), options, parts);
  }

  private static void assertBad(FileSplit fileSplit, CorpusOptions options, String... parts) {
    String message = Corpora.failure(DataException.class, () -> Corpora.read(fileSplit, options));
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
