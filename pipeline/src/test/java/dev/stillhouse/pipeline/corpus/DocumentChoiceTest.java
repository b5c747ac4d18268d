package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.packing.PackTotals;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --max-documents} and {@code --sample}. */
class DocumentChoiceTest {
  private static final String LINES =
      String.join(
          "", IntStream.range(0, 20).mapToObj(i -> "{\"text\":\"line " + i + "\"}\n").toList());

  @TempDir Path directory;

  private static CorpusOptions first(long documents) {
    return new CorpusOptions("text", true, 2, 9).taking(documents, 1, false);
  }

  private CorpusPlan plan(CorpusOptions options, long target) {
    return CorpusPlan.of(List.of(directory.toString()), options, target);
  }

  private void everyFormat() {
    Corpora.write(directory, "a.jsonl", LINES + "\n");
    Corpora.write(directory, "b.jsonl.gz", CompressedCorpusTest.gzip(LINES + "\n"));
    Corpora.write(directory, "c.txt", "one\n\ntwo\n\nthree");
    Corpora.write(directory, "d.txt.zst", CompressedCorpusTest.zstd("one\n\ntwo\n\nthree"));
    Corpora.write(directory, "e.bin", Corpora.uint16(9, 1, 9, 9, 2, 3, 9, 4));
    ParquetFiles.write(
        directory.resolve("f.parquet"),
        CompressionCodecName.ZSTD,
        4,
        IntStream.range(0, 13).mapToObj(i -> ("row " + i).getBytes(UTF_8)).toList());
    Corpora.write(directory, "g.txt", "last");
  }

  @Test
  void theFirstDocumentsAreTaken() {
    everyFormat();
    List<Corpora.Document> all =
        Corpora.read(plan(first(FileSplit.ALL), 1 << 20), first(FileSplit.ALL));
    assertEquals(20 + 20 + 3 + 3 + 5 + 13 + 1, all.size());
    for (int max = 1; max <= all.size() + 1; max++) {
      for (long target : new long[] {1, 60, 1 << 20}) {
        assertEquals(
            all.subList(0, Math.min(max, all.size())),
            Corpora.read(plan(first(max), target), first(max)),
            max + " documents, target " + target);
      }
    }
  }

  @Test
  void whatLiesBeyondTheLimitIsNotEvenLookedAt() {
    Corpora.write(directory, "a.jsonl", LINES + "{oops\n");
    Corpora.write(directory, "b.bin", new byte[3]);
    assertEquals(20, Corpora.read(plan(first(20), 100), first(20)).size());
  }

  @Test
  void aLimitCountsInTheHashOnlyWhereItLimits() {
    Corpora.write(directory, "a.jsonl", LINES);
    Corpora.write(directory, "b.jsonl.gz", CompressedCorpusTest.gzip(LINES));
    List<String> all = Corpora.hashes(plan(first(FileSplit.ALL), 100));
    assertEquals(all, Corpora.hashes(plan(first(40), 100)));
    assertEquals(all, Corpora.hashes(plan(first(1000), 100)));
    assertNotEquals(all, Corpora.hashes(plan(first(39), 100)));
    assertNotEquals(Corpora.hashes(plan(first(38), 100)), Corpora.hashes(plan(first(39), 100)));
  }

  /** What was let through, a document each; ids with a blank behind each. */
  private static final class Taken implements DocumentSink {
    private final List<String> documents = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void start(SegmentSource source) {
      text.setLength(0);
    }

    @Override
    public void text(CharSequence next) {
      text.append(next);
    }

    @Override
    public void tokens(int[] ids, int count) {
      for (int i = 0; i < count; i++) {
        text.append(ids[i]).append(' ');
      }
    }

    @Override
    public void end() {
      documents.add(text.toString());
    }
  }

  private static List<String> sample(List<String> texts, double share, int chunk) {
    Taken taken = new Taken();
    SubsampledDocuments sampled = new SubsampledDocuments(taken, share);
    for (int i = 0; i < texts.size(); i++) {
      sampled.start(new SegmentSource("a", i));
      String text = texts.get(i);
      for (int from = 0; from < text.length(); from += chunk) {
        sampled.text(text.substring(from, Math.min(text.length(), from + chunk)));
      }
      sampled.end();
    }
    return taken.documents;
  }

  private static List<String> sampleIds(int first, int end, double share) {
    Taken taken = new Taken();
    SubsampledDocuments sampled = new SubsampledDocuments(taken, share);
    for (int i = first; i < end; i++) {
      sampled.start(new SegmentSource("a", i));
      sampled.tokens(new int[] {i, 7}, 2);
      sampled.tokens(new int[] {i + 1}, 1);
      sampled.end();
    }
    return taken.documents;
  }

  @Test
  void documentsOfIdsAreDecidedEachByItself() {
    List<String> half = sampleIds(0, 200, 0.5);
    assertEquals(100, half.size(), 40);
    List<String> alone = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      alone.addAll(sampleIds(i, i + 1, 0.5));
    }
    assertEquals(alone, half);
    for (String document : half) {
      int id = Integer.parseInt(document.substring(0, document.indexOf(' ')));
      assertEquals(id + " 7 " + (id + 1) + " ", document);
    }
  }

  @Test
  void aSampleIsAShareThatOnlyTheContentDecides() {
    List<String> texts = IntStream.range(0, 10_000).mapToObj(i -> "document " + i).toList();
    List<String> tenth = sample(texts, 0.1, 100);
    assertEquals(1000, tenth.size(), 100);
    List<String> fifth = sample(texts, 0.2, 100);
    assertTrue(fifth.containsAll(tenth), "a smaller share is part of a larger one");
    assertEquals(tenth, sample(fifth, 0.1, 3));
  }

  @Test
  void onlyTheFirstCharactersDecideAndChunksDoNot() {
    String start = "x".repeat(SubsampledDocuments.DECIDING - 1) + "é";
    for (int i = 0; i < 20; i++) {
      String text = i + start;
      int in = sample(List.of(text), 0.5, 1000).size();
      for (int chunk : new int[] {7, 65536, 65535, 1 << 20}) {
        assertEquals(in, sample(List.of(text + "y"), 0.5, chunk).size());
        if (in == 1) {
          assertEquals(List.of(text + "y"), sample(List.of(text + "y"), 0.5, chunk));
        }
      }
    }
  }

  @Test
  void aSampleIsPackedAndPartOfTheHash() {
    Corpora.write(directory, "a.jsonl", LINES.repeat(10));
    Corpora.write(directory, "b.bin", Corpora.uint16(IntStream.range(0, 2000).toArray()));
    CorpusOptions all = CorpusOptions.defaults(9);
    CorpusOptions half = all.taking(FileSplit.ALL, 0.5, false);
    assertNotEquals(Corpora.hashes(plan(all, 1 << 20)), Corpora.hashes(plan(half, 1 << 20)));
    Packer packer = new Packer(new Packing(16, 8, 9), half, Tokenizers.named("gpt2"));
    PackTotals totals =
        packer.pack(plan(half, 1 << 20).splits().get(0), (tokens, segments, sources) -> {});
    assertTrue(totals.documents() >= 50 && totals.documents() <= 150, totals.toString());
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    for (double share : new double[] {0, -0.1, 1.01, Double.NaN}) {
      String message =
          Corpora.failure(UsageException.class, () -> Corpora.OPTIONS.taking(1, share, false));
      assertTrue(message.contains("sample " + share), message);
    }
    String message =
        Corpora.failure(UsageException.class, () -> Corpora.OPTIONS.taking(0, 1, false));
    assertTrue(message.contains("at most 0 documents: need >= 1"), message);
  }
}
