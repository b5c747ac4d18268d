package dev.stillhouse.pipeline.job.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusEstimateTest {
  private static final TextTokenizer GPT2 = Tokenizers.named("gpt2");
  private static final CorpusOptions OPTIONS = CorpusOptions.defaults(GPT2.endToken());
  private static final Packing PACKING = new Packing(64, 512, GPT2.endToken());
  private static final Path BOOK = Path.of("../testdata/moby-dick/moby-dick.txt");

  @TempDir private Path directory;

  @Test
  void aSmallCorpusIsCounted() throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(500));
    List<CorpusSplit> splits = CorpusPlan.of(List.of(file.toString()), OPTIONS).splits();
    TokenEstimate sample = CorpusEstimate.take(splits, OPTIONS, GPT2, PACKING, 10);
    assertTrue(sample.exact());
    assertEquals(packed(splits), sample.sequences());
    assertEquals(10, sample.sampled());
    assertEquals(64, sample.positionsPerSequence());
  }

  @Test
  void theHeadIsWhatATeacherIsFittedTo() throws IOException {
    Path one = Files.writeString(directory.resolve("a.txt"), "Call me Ishmael. ".repeat(50));
    Path two = Files.writeString(directory.resolve("b.txt"), "Some years ago. ".repeat(500));
    List<CorpusSplit> splits =
        CorpusPlan.of(List.of(one.toString(), two.toString()), OPTIONS, 100).splits();
    assertEquals(2, splits.size());
    long all = positions(CorpusEstimate.head(splits, OPTIONS, GPT2, PACKING, Long.MAX_VALUE));
    assertTrue(all > 2000, all + " positions");
    for (long asked : new long[] {1, 64, 65, 300, all}) {
      long given = positions(CorpusEstimate.head(splits, OPTIONS, GPT2, PACKING, asked));
      assertTrue(given >= asked && given < asked + 64, asked + " were asked for, not " + given);
    }
    assertEquals(0, positions(CorpusEstimate.head(splits, OPTIONS, GPT2, PACKING, 0)));
  }

  private static long positions(List<TokenBatch> batches) {
    return batches.stream().mapToLong(TokenBatch::positions).sum();
  }

  @Test
  void aLargeOneIsToldFromItsHeads() throws IOException {
    Path plain = directory.resolve("plain.txt");
    Path packed = directory.resolve("packed.txt.gz");
    byte[] book = Files.readAllBytes(BOOK);
    try (OutputStream out = Files.newOutputStream(plain);
        OutputStream zipped = new GZIPOutputStream(Files.newOutputStream(packed))) {
      for (int i = 0; i < 7; i++) {
        out.write(book);
        zipped.write(book);
      }
    }
    for (Path file : List.of(plain, packed)) {
      List<CorpusSplit> splits = CorpusPlan.of(List.of(file.toString()), OPTIONS, 3 << 20).splits();
      TokenEstimate sample = CorpusEstimate.take(splits, OPTIONS, GPT2, PACKING, 100);
      assertEquals(100, sample.sampled());
      assertFalse(sample.exact(), file.toString());
      double off = Math.abs(1 - (double) sample.sequences() / packed(splits));
      assertTrue(off < 0.06, file + ": off by " + off);
    }
  }

  private static long packed(List<CorpusSplit> splits) {
    long sequences = 0;
    for (CorpusSplit split : splits) {
      sequences += new Packer(PACKING, OPTIONS, GPT2).pack(split, (a, b, c) -> {}).sequences();
    }
    return sequences;
  }
}
