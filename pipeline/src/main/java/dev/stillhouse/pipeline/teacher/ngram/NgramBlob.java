package dev.stillhouse.pipeline.teacher.ngram;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes and reads the blob of a model; its grammar is in the description of this package. */
final class NgramBlob {
  private static final byte[] MAGIC = "SHNGRAM\0".getBytes(US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER = MAGIC.length + 5 * Integer.BYTES;

  /** Max bytes of a blob: two arrays over the vocabulary, six over at most MAX_TOKENS n-grams. */
  static final long MAX_BYTES =
      length(NgramCounts.MAX_VOCABULARY, NgramCounts.MAX_TOKENS, NgramCounts.MAX_TOKENS);

  private NgramBlob() {}

  /** Returns the bytes of a model: the same counts give the same bytes. */
  static byte[] write(NgramCounts counts) {
    int bigrams = counts.bigrams().ids().length;
    int trigrams = counts.trigrams().ids().length;
    ByteBuffer bytes =
        ByteBuffer.allocate((int) length(counts.vocabulary(), bigrams, trigrams))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putInt(counts.vocabulary()).putInt(counts.tokens());
    bytes
        .putInt(bigrams)
        .putInt(trigrams)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .put(counts.unigrams())
        .put(counts.bigrams().starts())
        .put(counts.bigrams().ids())
        .put(counts.bigrams().counts())
        .put(counts.trigrams().starts())
        .put(counts.trigrams().ids())
        .put(counts.trigrams().counts());
    return bytes.array();
  }

  /**
   * Reads a model. Nothing is allocated before the lengths are checked.
   *
   * @throws DataException naming what is wrong
   */
  static NgramCounts read(byte[] blob) {
    if (blob.length < HEADER) {
      throw DataException.of(
          "ngram model is %d bytes long, shorter than its header of %d; prepare it again",
          blob.length, HEADER);
    }
    if (!Arrays.equals(blob, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DataException("this is no ngram model: it does not begin with SHNGRAM");
    }
    ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
    int version = bytes.getInt();
    if (version != VERSION) {
      throw DataException.of(
          "ngram model is of version %d, this release reads %d", version, VERSION);
    }
    int vocabulary = limited("vocabulary", bytes.getInt(), 1, NgramCounts.MAX_VOCABULARY);
    int tokens = limited("tokens", bytes.getInt(), 1, NgramCounts.MAX_TOKENS);
    int bigrams = limited("bigrams", bytes.getInt(), 0, tokens - 1);
    int trigrams = limited("trigrams", bytes.getInt(), 0, tokens - 1);
    long length = length(vocabulary, bigrams, trigrams);
    if (blob.length != length) {
      throw DataException.of(
          "ngram model is %d bytes long, its header says %d; prepare it again",
          blob.length, length);
    }
    return checked(
        new NgramCounts(
            tokens,
            ints(bytes, vocabulary),
            new Continuations(
                ints(bytes, vocabulary + 1), ints(bytes, bigrams), ints(bytes, bigrams)),
            new Continuations(
                ints(bytes, bigrams + 1), ints(bytes, trigrams), ints(bytes, trigrams))));
  }

  private static long length(int vocabulary, int bigrams, int trigrams) {
    return HEADER + Integer.BYTES * (2L * vocabulary + 1 + 3L * bigrams + 1 + 2L * trigrams);
  }

  private static int limited(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw DataException.of(
          "ngram model is damaged: %s is %d, need %d .. %d; prepare it again",
          name, value, min, max);
    }
    return value;
  }

  private static int[] ints(ByteBuffer bytes, int n) {
    int[] values = new int[n];
    bytes.asIntBuffer().get(values);
    bytes.position(bytes.position() + n * Integer.BYTES);
    return values;
  }

  private static NgramCounts checked(NgramCounts counts) {
    long total = 0;
    for (int w = 0; w < counts.vocabulary(); w++) {
      total += limited("a unigram count", counts.unigrams()[w], 0, counts.tokens());
    }
    if (total != counts.tokens()) {
      throw DataException.of(
          "ngram model is damaged: unigram counts sum to %d, need %d; prepare it again",
          total, counts.tokens());
    }
    counts.bigrams().check("bigrams", counts.unigrams(), counts.vocabulary());
    counts.trigrams().check("trigrams", counts.bigrams().counts(), counts.vocabulary());
    return counts;
  }
}
