package dev.stillhouse.pipeline.teacher.ngram;

/**
 * All that a fit keeps of a corpus.
 *
 * @param tokens how many were counted (N)
 * @param unigrams count of each id of the vocabulary
 * @param bigrams what followed each id
 * @param trigrams what followed each bigram; context j is entry j of {@code bigrams}
 */
@SuppressWarnings("ArrayRecordComponent") // Tables: never compared, never keys.
record NgramCounts(int tokens, int[] unigrams, Continuations bigrams, Continuations trigrams) {
  /** Tokens counted at most, 8 MiB as int32: enough to be sharp, little enough to fit at once. */
  static final int MAX_TOKENS = 1 << 21;

  /** Bits of a token id: three of them make a sort key of one long. */
  static final int ID_BITS = 21;

  /** Vocabulary at most. */
  static final int MAX_VOCABULARY = 1 << ID_BITS;

  int vocabulary() {
    return unigrams.length;
  }
}
