/**
 * {@code ngram}: an interpolated trigram model, fitted to the head of the corpus itself. It needs
 * no download, is dense over any vocabulary and gives the same bits everywhere, so that every part
 * of the pipeline can be run and checked with it. Start at {@link NgramModel}.
 *
 * <h2>What is counted</h2>
 *
 * The first 2,097,152 tokens of the packed corpus that are not padding (8 MiB as int32), in order.
 * N-grams lie within one segment of one sequence. A segment's first token is counted as a unigram
 * although no position predicts it: most segments begin in the middle of a document, where that
 * token is as good as any other.
 *
 * <p>Memory of a fit: at most 110 MiB + 8 bytes an id (the tokens, the keys of the n-grams as
 * longs, the tables), then as much as two tables of at most 40 MiB + 8 bytes an id.
 *
 * <h2>The model</h2>
 *
 * Interpolated absolute discounting (H. Ney, U. Essen, R. Kneser: On structuring probabilistic
 * dependences in stochastic language modelling. Computer Speech and Language 8, 1994). With V the
 * vocabulary, c(.) counts, N = sum of c(w), U = ids with c(w) &gt; 0, C(h) = sum over w of c(h,w)
 * and K(h) = ids with c(h,w) &gt; 0:
 *
 * <pre>
 * D_n      = n1 / (n1 + 2 n2)        n1, n2: how many n-grams of order n were seen once, twice;
 *                                    0.5 if n1 or n2 is 0
 * p1(w)    = [c(w) &gt; 0: (c(w) - D_1) / N]          + D_1 U / N / V
 * p2(w|v)  = [c(v,w) &gt; 0: (c(v,w) - D_2) / C(v)]   + L(v) p1(w)     L(v)   = D_2 K(v) / C(v)
 * p3(w|uv) = [c(u,v,w) &gt; 0: (c(u,v,w) - D_3) / C(uv)] + L(uv) p2(w|v) L(uv) = D_3 K(uv) / C(uv)
 * </pre>
 *
 * A bracket whose condition fails is 0. L(h) = 1 where C(h) = 0, so that a history that never
 * occurred falls back wholly. The history of slot t is its own token v and, if t-1 is of the same
 * segment, the token u before it; without a u the answer is p2.
 *
 * <h2>The logit</h2>
 *
 * One rounding to float32 of a float64, all logarithms natural, by case:
 *
 * <pre>
 * c(u,v,w) &gt; 0            float32(log p3(w|uv))
 * else c(v,w) &gt; 0         float32(log L(uv) + log p2(w|v))
 * else                    float32((log L(uv) + log L(v)) + log p1(w))
 * </pre>
 *
 * log is {@link StrictMath#log}; elsewhere it may differ in the last bit of a float64, which shows
 * in a float32 about once in 10^8.
 *
 * <h2>The blob</h2>
 *
 * Little-endian; i32 and its arrays {@code i32[n]}; nothing follows the last array. The teacher's
 * fingerprint is the SHA-256 of the blob, in hex.
 *
 * <pre>
 * magic           8 bytes   "SHNGRAM" and a zero byte
 * version         i32       1
 * vocabulary      i32       V, 1 .. 2^21
 * tokens          i32       N, 1 .. 2^21
 * bigrams         i32       B &lt; N
 * trigrams        i32       T &lt; N
 * unigramCounts   i32[V]    c(w); they sum to N
 * bigramStarts    i32[V+1]  continuations of v are entries starts[v] .. starts[v+1]-1; from 0 to B
 * bigramIds       i32[B]    w, ascending within a v
 * bigramCounts    i32[B]    c(v,w) &gt;= 1; those of a v sum to at most c(v)
 * trigramStarts   i32[B+1]  continuations of (u,v), which is bigram j, are starts[j] .. starts[j+1]-1
 * trigramIds      i32[T]    w, ascending within a (u,v)
 * trigramCounts   i32[T]    c(u,v,w) &gt;= 1; those of a (u,v) sum to at most c(u,v)
 * </pre>
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.ngram;

import org.jspecify.annotations.NullMarked;
