package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import dev.stillhouse.storage.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools leave in files that is no text: marks, blank lines, zeros. */
class ToleratedBytesTest {
  private static final String MARK = "\uFEFF";
  private static final String LINES =
      "{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n \r\n\t\n{\"text\":\"c\"}\n\n\n \n";

  @TempDir Path directory;

  private static List<String> texts(Path file) {
    return Corpora.read(Corpora.fileSplit(file), Corpora.OPTIONS).stream()
        .map(Corpora.Document::text)
        .toList();
  }

  private static String failure(Path file) {
    return Corpora.failure(
        DataException.class, () -> Corpora.read(Corpora.fileSplit(file), Corpora.OPTIONS));
  }

  @Test
  void aMarkAtAFilesStartIsNoText() {
    String lines = MARK + "{\"text\":\"" + MARK + "a\"}\n";
    for (String name : List.of("a.jsonl", "a.ndjson")) {
      assertEquals(List.of(MARK + "a"), texts(Corpora.write(directory, name, lines)));
    }
    assertEquals(
        List.of(MARK + "a"),
        texts(Corpora.write(directory, "a.jsonl.gz", CompressedCorpusTest.gzip(lines))));
    String text = MARK + "a" + MARK;
    assertEquals(List.of("a" + MARK), texts(Corpora.write(directory, "a.txt", text)));
    assertEquals(
        List.of("a" + MARK),
        texts(Corpora.write(directory, "a.txt.zst", CompressedCorpusTest.zstd(text))));
    assertEquals(List.of(), texts(Corpora.write(directory, "b.txt", MARK)));
    assertEquals(List.of(), texts(Corpora.write(directory, "b.jsonl", MARK + "\n")));
    CorpusOptions paragraphs = new CorpusOptions("text", true, 2, null);
    Path two = Corpora.write(directory, "c.txt", MARK + "a\n\nb");
    assertEquals(
        List.of("a\n\n", "b"),
        Corpora.read(Corpora.fileSplit(two), paragraphs).stream()
            .map(Corpora.Document::text)
            .toList());
  }

  @Test
  void aMarkChangesNoPlace() {
    Path text =
        Corpora.write(
            directory, "a.txt", Bytes.concat((MARK + "ab").getBytes(UTF_8), new byte[] {-1}));
    assertTrue(failure(text).contains("a.txt: byte offset 5: 0xFF"), failure(text));
  }

  @Test
  void filesWithAMarkAreCutAndLimitedAsOthers() {
    for (String lines : List.of(LINES, MARK + LINES, "\n\n" + LINES)) {
      for (String name : List.of("a.jsonl", "a.jsonl.gz")) {
        Path file =
            Corpora.write(
                directory,
                name,
                name.endsWith(".gz") ? CompressedCorpusTest.gzip(lines) : lines.getBytes(UTF_8));
        List<Corpora.Document> all = Corpora.read(Corpora.fileSplit(file), Corpora.OPTIONS);
        assertEquals(List.of("a", "b", "c"), all.stream().map(Corpora.Document::text).toList());
        for (int max = 1; max < 6; max++) {
          CorpusOptions first = Corpora.OPTIONS.taking(max, 1, false);
          for (int target : new int[] {1, 20, 1000}) {
            CorpusPlan plan = CorpusPlan.of(List.of(file.toString()), first, target);
            assertEquals(all.subList(0, Math.min(max, 3)), Corpora.read(plan, first));
          }
        }
      }
    }
  }

  @Test
  void aMarkLiesInTheFirstPiece() {
    Path file = Corpora.write(directory, "a.jsonl", MARK + LINES);
    List<FileSplit> fileSplits = new ArrayList<>();
    CorpusPlan.of(List.of(file.toString()), Corpora.OPTIONS, 10)
        .splits()
        .forEach(split -> fileSplits.addAll(split.fileSplits()));
    assertTrue(fileSplits.size() > 2, fileSplits.toString());
    assertEquals(0, fileSplits.get(0).offset());
    long bytes = fileSplits.stream().mapToLong(FileSplit::length).sum();
    assertEquals(Corpora.bytes(file).length, bytes);
  }

  @Test
  void utf16IsNamed() {
    byte[] little = Bytes.concat(new byte[] {-1, -2}, "a".getBytes(UTF_16LE));
    for (String name : List.of("a.txt", "a.jsonl")) {
      String message = failure(Corpora.write(directory, name, little));
      assertTrue(message.contains("looks like UTF-16") && message.contains("iconv"), message);
    }
  }

  @Test
  void zerosAfterAGzipMemberAreFilling() {
    byte[] gzip = CompressedCorpusTest.gzip("Call me Ishmael.");
    for (int zeros : new int[] {1, 512, 200_000}) {
      byte[] filled = Bytes.concat(gzip, new byte[zeros]);
      assertEquals(
          List.of("Call me Ishmael."), texts(Corpora.write(directory, "a.txt.gz", filled)));
      String more = failure(Corpora.write(directory, "b.txt.gz", Bytes.concat(filled, gzip)));
      assertTrue(more.contains("what follows the zeros"), more);
      String before =
          failure(Corpora.write(directory, "c.txt.gz", Bytes.concat(new byte[zeros], gzip)));
      assertTrue(before.contains("does not begin as gzip"), before);
    }
  }

  @Test
  void deepAndLongJsonIsReadUpToANamedLimit() {
    String deep = "[".repeat(9_000) + "]".repeat(9_000);
    String number = "9".repeat(100_000);
    String name = "n".repeat(100_000);
    Path file =
        Corpora.write(
            directory,
            "a.jsonl",
            "{\"x\":" + deep + ",\"" + name + "\":" + number + ",\"text\":\"a\"}");
    assertEquals(List.of("a"), texts(file));
    String tooDeep = "[".repeat(20_000);
    String message = failure(Corpora.write(directory, "b.jsonl", "{\"x\":" + tooDeep));
    assertTrue(
        message.endsWith(
            "line 1 is beyond a limit of what is read of JSON: it is nested deeper than 10000"
                + " levels"),
        message);
  }

  @Test
  void wordsOfTheParserHoldNoClassNames() {
    for (String line :
        List.of("{\"text\":\"a", "{\"text\":[1", "{\"text\":\"a\"} {}", "{oops", "[1,", "nil")) {
      String message = failure(Corpora.write(directory, "a.jsonl", line));
      assertTrue(message.contains("line 1 is not JSON: "), message);
      assertTrue(!message.contains("`") && !message.contains("Source"), message);
    }
  }
}
