package dev.stillhouse.pipeline.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusPlanTest {
  private static final String LINES =
      String.join(
          "", IntStream.range(0, 20).mapToObj(i -> "{\"text\":\"line " + i + "\"}\n").toList());

  @TempDir Path directory;

  private CorpusPlan plan(CorpusOptions options, long target) {
    return CorpusPlan.of(List.of(directory.toString()), options, target);
  }

  @Test
  void smallFilesShareAUnit() {
    for (String name : List.of("a.txt", "b.txt", "c.txt")) {
      Corpora.write(directory, name, "0123456789");
    }
    Corpora.write(directory, "d.txt", "");
    List<CorpusSplit> splits = plan(Corpora.OPTIONS, 20).splits();
    assertEquals(List.of(2, 1), splits.stream().map(split -> split.fileSplits().size()).toList());
    assertEquals(List.of(20L, 10L), splits.stream().map(CorpusSplit::bytes).toList());
  }

  @Test
  void tenThousandSmallFilesAreAFewUnits() {
    for (int i = 0; i < 10_000; i++) {
      Corpora.write(directory, i % 100 + "/" + i + ".txt", "A small file, number " + i + ".");
    }
    CorpusPlan plan =
        assertTimeout(Duration.ofSeconds(20), () -> plan(Corpora.OPTIONS, CorpusPlan.TARGET));
    assertEquals(1, plan.splits().size());
    assertEquals(10_000, plan.splits().get(0).fileSplits().size());
    assertEquals(3, plan(Corpora.OPTIONS, 100_000).splits().size());
  }

  @Test
  void aLongTextFileIsOneDocumentAndNotCut() {
    Corpora.write(directory, "a.txt", "one\n\ntwo\n\nthree");
    assertEquals(1, plan(Corpora.OPTIONS, 4).splits().size());
    assertEquals(2, plan(Corpora.PARAGRAPHS, 6).splits().size());
  }

  @Test
  void piecesHoldTheDocumentsOfTheWholeFile() {
    Corpora.write(directory, "a.jsonl", LINES);
    Corpora.write(directory, "b.txt", "\n\none\nmore\n\n\n two\r\n\r\nthree\n \nmore\n\nfour");
    Corpora.write(directory, "c.bin", Corpora.uint16(9, 1, 9, 9, 2, 3, 9, 4));
    CorpusOptions options = new CorpusOptions("text", true, 2, 9);
    List<Corpora.Document> whole = Corpora.read(plan(options, 1 << 20), options);
    assertEquals(20 + 4 + 5, whole.size());
    for (int target = 1; target < 100; target++) {
      CorpusPlan plan = plan(options, target);
      assertEquals(whole, Corpora.read(plan, options), "target " + target);
      assertEquals(plan(options, 1 << 20).bytes(), plan.bytes());
    }
  }

  @Test
  void cutsFollowTheTarget() {
    Corpora.write(directory, "a.jsonl", LINES);
    List<FileSplit> fileSplits =
        plan(Corpora.OPTIONS, 100).splits().stream()
            .map(split -> split.fileSplits().get(0))
            .toList();
    // The first ten lines have 18 bytes, the others 19.
    assertEquals(
        List.of(0L, 108L, 218L, 332L), fileSplits.stream().map(FileSplit::offset).toList());
    assertEquals(
        List.of(0L, 6L, 12L, 18L), fileSplits.stream().map(FileSplit::firstDocument).toList());
    assertEquals(LINES.length(), fileSplits.get(3).end());
  }

  @Test
  void identityIsOfBytesAndSettingsNotOfPlaces(@TempDir Path elsewhere) {
    Corpora.write(directory, "a.jsonl", LINES);
    Corpora.write(elsewhere, "renamed.jsonl", LINES);
    CorpusPlan here = plan(Corpora.OPTIONS, 100);
    CorpusPlan there = CorpusPlan.of(List.of(elsewhere.toString()), Corpora.OPTIONS, 100);
    assertEquals(Corpora.hashes(here), Corpora.hashes(there));
    assertNotEquals(here.splits().get(0).packKey(), there.splits().get(0).packKey());

    CorpusOptions body = new CorpusOptions("body", false, 2, null);
    assertNotEquals(Corpora.hashes(here), Corpora.hashes(plan(body, 100)));
    // Of a format that is not there, a setting does not count.
    assertEquals(Corpora.hashes(here), Corpora.hashes(plan(Corpora.PARAGRAPHS, 100)));

    Corpora.write(directory, "a.jsonl", LINES.replace("line 19", "line 20"));
    List<String> changed = Corpora.hashes(plan(Corpora.OPTIONS, 100));
    assertEquals(Corpora.hashes(here).subList(0, 3), changed.subList(0, 3));
    assertNotEquals(Corpora.hashes(here).get(3), changed.get(3));
  }

  @Test
  void aChangedFileKeepsTheUnitsOfOtherLargeFiles() {
    Corpora.write(directory, "a.jsonl", LINES);
    Corpora.write(directory, "b.jsonl", LINES.replace("line", "word"));
    List<String> before = Corpora.hashes(plan(Corpora.OPTIONS, 100));
    Corpora.write(directory, "a.jsonl", "{\"text\":\"\"}\n" + LINES);
    List<String> after = Corpora.hashes(plan(Corpora.OPTIONS, 100));
    assertEquals(
        before.subList(before.size() - 4, before.size()),
        after.subList(after.size() - 4, after.size()));
  }

  @Test
  void unitsCanBeShipped() throws IOException, ClassNotFoundException {
    Corpora.write(directory, "a.txt", "text");
    List<CorpusSplit> splits = List.copyOf(plan(Corpora.OPTIONS, 100).splits());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(splits);
      out.writeObject(Corpora.PARAGRAPHS);
      out.writeObject(new Packing(8, 2, 1));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(splits, in.readObject());
      assertEquals(Corpora.PARAGRAPHS, in.readObject());
      assertEquals(new Packing(8, 2, 1), in.readObject());
    }
  }

  @Test
  void anEmptyCorpusNamesItsFiles() {
    Corpora.write(directory, "a.txt", "");
    Corpora.write(directory, "b.jsonl", "");
    String message = Corpora.failure(DataException.class, () -> plan(Corpora.OPTIONS, 100));
    assertTrue(message.contains("a.txt") && message.contains("b.jsonl"), message);
    assertTrue(message.contains("the corpus is empty: 2 file(s) of 0 bytes"), message);
  }

  @Test
  void halfAnIdIsNoticedBeforeAnythingIsRead() {
    Corpora.write(directory, "a.bin", new byte[7]);
    String message = Corpora.failure(DataException.class, () -> plan(Corpora.OPTIONS, 100));
    assertTrue(message.contains("a.bin: 7 bytes are no whole number of uint16 ids"), message);
  }
}
