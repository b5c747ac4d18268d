package dev.stillhouse.pipeline.teacher.ngram;

/**
 * The counts that a fit keeps of a corpus.
 *
 * @param tokens number that were counted (N)
 * @param unigrams count of each id of the vocabulary
 * @param bigrams what followed each id
 * @param trigrams what followed each bigram; context j is entry j of {@code bigrams}
 */
@SuppressWarnings("ArrayRecordComponent") // Tables: never compared, never keys.
record NgramCounts(int tokens, int[] unigrams, Continuations bigrams, Continuations trigrams) {
  /** Max tokens that are counted, 8 MiB as int32: enough to be sharp, few enough to fit at once. */
  static final int MAX_TOKENS = 1 << 21;

  /** Bits of a token id: three of them make a sort key of one long. */
  static final int ID_BITS = 21;

  /** Max vocabulary. */
  static final int MAX_VOCABULARY = 1 << ID_BITS;

  int vocabulary() {
    return unigrams.length;
  }
}
