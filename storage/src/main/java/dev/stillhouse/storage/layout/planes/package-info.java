/**
 * Generation 3, {@code planes}: byte planes of whole sequences. Every column but the first two is a
 * BINARY, one value of it belongs to a whole sequence, and every page holds exactly one value.
 * Pages that zstd-1 does not shrink by an eighth are stored plain ({@code is_compressed} of the
 * page's header).
 *
 * <pre>
 * shard       := one Parquet row for each sequence of T positions, required columns, plain encoding,
 *                data pages of version 2, one row each; column chunks are declared ZSTD
 *   sequence          int64        dataset-wide number
 *   fingerprint       fixed(16)    of tokens and segments
 *   tokens            below(b, T)  b = 2 bytes where the vocabulary is at most 65,536, else 3
 *   segments          sized(T)     of segment + 1, so that padding is 0
 *   log_tail, entropy, log_normaliser, target_log_prob, normaliser_at_2.0 ...
 *                     floats(T)    NaN (7fc00000) where there is none
 *   kept              entries of each position: ff and one int32 k, where every position but
 *                     padding has k and padding has none; or else sized(T)
 *   escapes           n distances, then n float32: log-probs that have no code. A distance is an
 *                     int32, from the entry before (the first: from entry 0) in the row's entries
 *   band(0) band(8) band(32)       those that the statistic can fill: see below
 *   reasons           below(1, E)  where entries have different reasons; E entries of the row
 *   counts            sized(E)     draws of each entry, with sample
 *   log_proposals     floats(E)    with sample,temperature
 *
 * below(b, n) := b planes of n bytes, plane p holds bits 8p to 8p+7 of each number
 * sized(n)    := a byte b (0 to 4), then below(b, n); with b = 4 they are int32, which may be negative
 * floats(n)   := four planes of n bytes: bits 24 to 31 of each float32, 16 to 23, 8 to 15, 0 to 7
 * int32       := little-endian, as float32 is in escapes
 * </pre>
 *
 * <p>The entries of a row are those of position 0, best first, then those of position 1, and so on.
 * Band r holds the ranks from r to before the next band; the last has no end. The bands are those
 * whose r is below the max number of entries of the statistic (k of top-k or max of top-p, the
 * larger, + draws + 1 with target; any number with forced), and band 0. Its n entries, in the row's
 * order, lie in
 *
 * <pre>
 *   ids_r_low, ids_r_high   below(1, n) each: bits 0 to 7 and 8 to 15 of ids
 *   ids_r_top               w bits for each: those from 16 on, the first in the lowest bits of the
 *                           first byte; w is 1, 2, 4 or 8, the least for the bits of vocabulary - 1;
 *                           no such column where the vocabulary is at most 65,536
 *   log_probs_r_high, log_probs_r_low   below(1, n) each: bits 8 to 15 and 0 to 7 of codes
 * </pre>
 *
 * <p>A code c is the float32 with bits {@code 0x80000000 + ((c + 82944) << 13)}: negative, six bits
 * of exponent, ten of fraction. A log-prob is rounded to the nearest, ties to even. Those without a
 * code (0, -inf, below 2^-46 or from 2^18 on in magnitude, and what no log-prob should be) stand in
 * escapes, and their planes hold 0. A reader of no low plane takes 0x80 for it: the middle.
 *
 * <p>Columns lie in this order, but the low planes of log-probs of bands 8 and 32 stand behind the
 * last high plane: the best 8 are a prefix of a row. A row group has 512 positions, at least one
 * row; in a shard of more than 1,024 rows, a 1,024th of them. So in most shards all pages of a
 * sequence follow one another. They are found without Parquet's offset index, which says the same:
 * the footer's {@code stillhouse.checksums} list all pages of the file.
 *
 * <p>{@code PlanesShardReader} reads it, {@code EntryDecoder} and {@code EscapeDecoder} decode
 * entries; scalars are decoded in {@code layout.pages}. In Python: {@code
 * tools/examples/shard_planes.py}.
 */
@NullMarked
package dev.stillhouse.storage.layout.planes;

import org.jspecify.annotations.NullMarked;
