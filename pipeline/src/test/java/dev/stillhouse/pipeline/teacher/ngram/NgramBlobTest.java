package dev.stillhouse.pipeline.teacher.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NgramBlobTest {
  /** V=4, N=5, B=3 (01 10 12), T=3 (010 012 101). */
  private static final byte[] BLOB =
      NgramBlob.write(
          NgramFit.fit(
              List.of(new TokenBatch(0, 5, new int[] {0, 1, 0, 1, 2}, new int[5])), 4, 100));

  @Test
  void bytesAreThoseOfTheGrammar() {
    int[] ints = new int[(BLOB.length - 8) / 4];
    ByteBuffer.wrap(BLOB, 8, BLOB.length - 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(ints);
    int[] expected = {
      1,
      4,
      5,
      3,
      3, // version, V, N, B, T
      2,
      2,
      1,
      0, // unigramCounts
      0,
      1,
      3,
      3,
      3, // bigramStarts
      1,
      0,
      2, // bigramIds
      2,
      1,
      1, // bigramCounts
      0,
      2,
      3,
      3, // trigramStarts
      0,
      2,
      1, // trigramIds
      1,
      1,
      1 // trigramCounts
    };
    assertArrayEquals(expected, ints);
  }

  @Test
  void readAndWrittenAgainIsTheSame() {
    assertArrayEquals(BLOB, NgramBlob.write(NgramBlob.read(BLOB)));
  }

  @Test
  void everyOtherLengthIsRefused() {
    for (int n = 0; n < BLOB.length; n++) {
      byte[] cut = Arrays.copyOf(BLOB, n);
      DataException e = assertThrows(DataException.class, () -> NgramBlob.read(cut));
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("ngram model is " + n + " bytes"),
          e.getMessage());
    }
    byte[] longer = Arrays.copyOf(BLOB, BLOB.length + 1);
    assertThrows(DataException.class, () -> NgramBlob.read(longer));
  }

  @Test
  void damageIsNamed() {
    assertDamaged(0, "this is no ngram model", 'X');
    assertDamaged(8, "ngram model is of version 2, this release reads 1", 2);
    assertDamaged(12, "vocabulary is -1, need 1 .. 2097152", -1);
    assertDamaged(16, "tokens is 2097153, need 1 .. 2097152", NgramCounts.MAX_TOKENS + 1);
    assertDamaged(20, "bigrams is 5, need 0 .. 4", 5);
    assertDamaged(28, "unigram counts sum to 4, need 5", 1);
    assertDamaged(44, "bigrams: starts go from 1 to 3, need 0 to 3", 1);
    assertDamaged(48, "bigrams: starts of context 0 are 0 and 9, need ascending up to 3", 9);
    assertDamaged(64, "bigrams: after context 0, id 4 follows id -1", 4);
    assertDamaged(72, "bigrams: after context 1, id 0 follows id 0", 0);
    assertDamaged(76, "bigrams: context 0 was seen 2 times, but was followed 3 times", 3);
    assertDamaged(116, "trigrams: entry 0 has count 0, need >= 1", 0);
  }

  @Test
  void anyFlippedByteIsReadOrRefused() {
    Random random = new Random(5);
    for (int n = 0; n < 5000; n++) {
      byte[] bad = BLOB.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      try {
        NgramModel model = new NgramModel(NgramBlob.read(bad));
        model.row(0, 1, new float[model.vocabulary()]);
      } catch (DataException expected) {
        assertTrue(String.valueOf(expected.getMessage()).contains("ngram model"));
      }
    }
  }

  @Test
  void longestBlobIsWhatTheLimitsAllow() {
    assertEquals(28 + 4L * (2 * (1 << 21) + 2 + 5 * (1L << 21)), NgramBlob.MAX_BYTES);
  }

  private static void assertDamaged(int at, String message, int value) {
    byte[] bad = BLOB.clone();
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    DataException e = assertThrows(DataException.class, () -> NgramBlob.read(bad));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}
