package dev.stillhouse.pipeline.teacher.ngram;

import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Counts n-grams by sorting. An n-gram is one long, its ids from the most significant bits down, so
 * that equal n-grams become neighbours and contexts come in the order of the tables.
 */
final class NgramFit {
  private static final int BREAK = -1;
  private static final long ID_MASK = (1L << NgramCounts.ID_BITS) - 1;

  /** Tokens in order, with a BREAK wherever a segment begins. */
  private int[] text = new int[1 << 12];

  private int textLength;
  private int tokens;
  private final int[] unigrams;

  private NgramFit(int vocabulary) {
    unigrams = new int[vocabulary];
  }

  /** Counts the first {@code max} tokens; reads no batch beyond them. */
  static NgramCounts fit(Iterable<TokenBatch> corpus, int vocabulary, int max) {
    if (vocabulary < 1 || vocabulary > NgramCounts.MAX_VOCABULARY) {
      throw UsageException.of(
          "ngram: vocabulary of %d ids, need 1 .. %d", vocabulary, NgramCounts.MAX_VOCABULARY);
    }
    NgramFit fit = new NgramFit(vocabulary);
    for (TokenBatch batch : corpus) {
      TokenIds.check(batch, vocabulary);
      fit.add(batch, max);
      if (fit.tokens == max) {
        break;
      }
    }
    if (fit.tokens == 0) {
      throw new DataException("ngram: the corpus has no tokens, so there is nothing to fit");
    }
    return fit.counts();
  }

  private void add(TokenBatch batch, int max) {
    for (int i = 0; i < batch.slots() && tokens < max; i++) {
      if (batch.padding(i)) {
        continue;
      }
      if (NgramModel.before(batch, i) == NgramModel.NONE) {
        append(BREAK);
      }
      append(batch.tokens()[i]);
      unigrams[batch.tokens()[i]]++;
      tokens++;
    }
  }

  private void append(int id) {
    if (textLength == text.length) {
      text = Arrays.copyOf(text, 2 * textLength);
    }
    text[textLength++] = id;
  }

  private NgramCounts counts() {
    Counted bigrams = Counted.of(sortedKeys(2));
    Counted trigrams = Counted.of(sortedKeys(3));
    int[] bigramStarts = new int[unigrams.length + 1];
    for (int j = 0, v = 0; v < unigrams.length; v++) {
      while (j < bigrams.keys.length && bigrams.context(j) == v) {
        j++;
      }
      bigramStarts[v + 1] = j;
    }
    int[] trigramStarts = new int[bigrams.keys.length + 1];
    for (int e = 0, j = 0; j < bigrams.keys.length; j++) {
      while (e < trigrams.keys.length && trigrams.context(e) == bigrams.keys[j]) {
        e++;
      }
      trigramStarts[j + 1] = e;
    }
    return new NgramCounts(
        tokens,
        unigrams,
        new Continuations(bigramStarts, bigrams.ids(), bigrams.counts),
        new Continuations(trigramStarts, trigrams.ids(), trigrams.counts));
  }

  /** Returns the key of every n-gram that lies within a segment. */
  private long[] sortedKeys(int order) {
    long[] keys = new long[tokens];
    int n = 0;
    int run = 0;
    long key = 0;
    long mask = (1L << (order * NgramCounts.ID_BITS)) - 1;
    for (int i = 0; i < textLength; i++) {
      run = text[i] == BREAK ? 0 : run + 1;
      key = ((key << NgramCounts.ID_BITS) | (text[i] & ID_MASK)) & mask;
      if (run >= order) {
        keys[n++] = key;
      }
    }
    Arrays.sort(keys, 0, n);
    return Arrays.copyOf(keys, n);
  }

  /** Distinct keys, ascending, with their counts. */
  @SuppressWarnings("ArrayRecordComponent") // Tables: never compared, never keys.
  private record Counted(long[] keys, int[] counts) {
    static Counted of(long[] sorted) {
      int[] counts = new int[sorted.length];
      int n = 0;
      for (int i = 0; i < sorted.length; i++) {
        if (i > 0 && sorted[i] != sorted[i - 1]) {
          n++;
        }
        sorted[n] = sorted[i];
        counts[n]++;
      }
      n = sorted.length == 0 ? 0 : n + 1;
      return new Counted(Arrays.copyOf(sorted, n), Arrays.copyOf(counts, n));
    }

    long context(int i) {
      return keys[i] >>> NgramCounts.ID_BITS;
    }

    int[] ids() {
      int[] ids = new int[keys.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (int) (keys[i] & ID_MASK);
      }
      return ids;
    }
  }
}
