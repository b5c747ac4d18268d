package dev.stillhouse.pipeline.teacher.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.ByteSource;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.OpenBlocks;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NgramTeacherTest {
  private static final NgramProvider PROVIDER = new NgramProvider();

  @Test
  void theSameTokensGiveTheSameBytesHoweverTheyAreBatched() {
    int[] tokens = new Random(1).ints(600, 0, 9).toArray();
    TokenBatch whole = new TokenBatch(0, 20, tokens, new int[600]);
    Iterable<TokenBatch> single =
        () -> IntStream.range(0, 30).mapToObj(row -> sequence(tokens, row)).iterator();
    assertArrayEquals(prepare(List.of(whole), 9), prepare(single, 9));
  }

  @Test
  void aFitReadsNoFurtherThanItsLimit() {
    Iterator<TokenBatch> head =
        List.of(new TokenBatch(0, 4, new int[] {0, 1, 0, 1}, new int[4])).iterator();
    NgramCounts counts = NgramFit.fit(() -> head, 2, 3);
    assertEquals(3, counts.tokens());
    assertArrayEquals(new int[] {1, 1}, counts.bigrams().counts());
    assertArrayEquals(new int[] {2, 1}, counts.unigrams());
  }

  @Test
  void rowsCoverEverySlotButPadding() {
    Random random = new Random(2);
    for (int n = 0; n < 50; n++) {
      TokenBatch batch = NgramModelTest.randomBatch(random, 7);
      try (DenseTeacher teacher = open(prepare(List.of(batch), 7));
          LogitsCursor cursor = teacher.read(batch)) {
        int slot = 0;
        for (Logits block = cursor.next(); block != null; block = cursor.next()) {
          assertEquals(slot, block.firstSlot());
          assertEquals(7, block.width());
          slot += block.count();
          block.close();
        }
        assertTrue(slot == batch.slots() || batch.padding(slot));
      }
    }
  }

  @Test
  void aRowDoesNotDependOnWhatLiesOutsideItsSegment() {
    TokenBatch text = new TokenBatch(0, 6, new int[] {0, 1, 2, 0, 1, 0}, new int[6]);
    DenseTeacher teacher = open(prepare(List.of(text), 3));
    TokenBatch joined = new TokenBatch(0, 4, new int[] {2, 0, 1, 2}, new int[] {0, 0, 1, 1});
    TokenBatch alone = new TokenBatch(0, 2, new int[] {1, 2}, new int[] {0, 0});
    StatisticSpec all = StatisticSpec.ofTopK(3);
    StatisticsBatch a = new StatisticsAssembler(teacher, all, 3).read(joined);
    StatisticsBatch b = new StatisticsAssembler(teacher, all, 3).read(alone);
    assertEquals(b.entropy()[0], a.entropy()[2]);
    assertEquals(b.entropy()[1], a.entropy()[3]);
    assertEquals(b.targetLogProb()[0], a.targetLogProb()[2]);
  }

  @Test
  void blocksMayBeOpenAtOnce() {
    int vocabulary = 100_000; // so that a block is a few rows
    int[] tokens = new Random(4).ints(60, 0, vocabulary).toArray();
    TokenBatch text = new TokenBatch(0, 20, tokens, new int[60]);
    OpenBlocks.check(open(prepare(List.of(text), vocabulary)), text);
  }

  @Test
  void errorsNameWhatIsWrong() {
    TokenBatch text = new TokenBatch(6, 2, new int[] {0, 1, 0, 2}, new int[4]);
    DenseTeacher teacher = open(prepare(List.of(text), 3));
    assertEquals(
        Hashing.sha256().hashBytes(prepare(List.of(text), 3)).toString(), teacher.fingerprint());
    TokenBatch odd = new TokenBatch(6, 2, new int[] {0, 1, 0, 3}, new int[4]);
    DataException outside = assertThrows(DataException.class, () -> teacher.read(odd));
    assertTrue(
        String.valueOf(outside.getMessage())
            .startsWith("sequence 7, position 1: token id 3 is outside"));
    assertThrows(DataException.class, () -> prepare(List.of(odd), 3));
    assertThrows(DataException.class, () -> prepare(List.of(), 3));
    assertThrows(UsageException.class, () -> prepare(List.of(text), 0));
    assertThrows(UsageException.class, () -> PROVIDER.prepare("5", List.of(text), 3));
    assertThrows(UsageException.class, () -> PROVIDER.open("", Optional.empty()));
  }

  @Test
  void realTextIsLearnt() throws IOException {
    String book = Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
    int[] tokens =
        Encodings.newDefaultEncodingRegistry()
            .getEncoding(EncodingType.R50K_BASE)
            .encodeOrdinary(book.substring(0, 50_000))
            .toArray();
    int[] head = Arrays.copyOf(tokens, 8192);
    TokenBatch text = new TokenBatch(0, 256, head, new int[8192]);
    DenseTeacher teacher = open(prepare(List.of(text), 50257));
    TokenBatch some = new TokenBatch(0, 256, Arrays.copyOf(head, 512), new int[512]);
    StatisticsBatch batch =
        new StatisticsAssembler(teacher, StatisticSpec.ofTopK(8), 50257).read(some);
    double sum = 0;
    for (int i = 0; i < 512; i++) {
      assertEquals(0, batch.logNormaliser()[i], 1e-6); // Its logits are log-probs already.
      sum += some.target(i) == TokenBatch.NO_TARGET ? 0 : batch.targetLogProb()[i];
    }
    double perplexity = Math.exp(-sum / 510);
    assertTrue(perplexity > 2 && perplexity < 40, "perplexity of fitted text is " + perplexity);
  }

  private static TokenBatch sequence(int[] tokens, int row) {
    return new TokenBatch(
        row, 20, Arrays.copyOfRange(tokens, 20 * row, 20 * row + 20), new int[20]);
  }

  private static byte[] prepare(Iterable<TokenBatch> corpus, int vocabulary) {
    return PROVIDER.prepare("", corpus, vocabulary).orElseThrow();
  }

  private static DenseTeacher open(byte[] blob) {
    return (DenseTeacher) PROVIDER.open("", Optional.of(ByteSource.wrap(blob)));
  }
}
