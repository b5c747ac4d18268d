/**
 * Generation 4, {@code adaptive}: ids numbered by how likely a prior makes them, log-probs in steps
 * within a bound that is part of the name ({@code adaptive} is 0.01 nats, {@code
 * adaptive:bound=0.05} another), both as symbols of one byte that zstd's entropy coder packs.
 *
 * <pre>
 * shard       := as in {@code layout.planes} (rows, pages, row groups, the columns sequence,
 *                fingerprint, tokens, segments, scalars, kept, reasons, counts, log_proposals), but
 *                with these columns of entries, and stillhouse.prior in the footer
 *   entries_0, entries_1, entries_8, entries_32
 *                     the entries of ranks 0, 1 to 7, 8 to 31, and from 32 on; those that the
 *                     statistic can fill
 *
 * entries_r   := nothing, where the row has no entries of these ranks; or else
 *                ids, gaps        stream(n) each: a symbol for each of the n entries, position by
 *                                 position, best first
 *                int32 e          how many gaps are the symbol 255
 *                float32[e]       the log-probs of these
 *                bits             the low bits of all ids, then those of all gaps; the first in the
 *                                 lowest bits of the first byte; zeros fill the last byte
 * stream(n)   := int32 m; m bytes: if m = n the symbols, if m &lt; n a zstd frame of them
 * int32, float32 := little-endian
 * </pre>
 *
 * <p>A symbol s is a number x and some low bits. Below 16, x = s without bits. From 16 to 231, with
 * d = (s - 16) / 8 rounded down, x = ((8 + (s - 16) mod 8) &lt;&lt; (d + 1)) + the next d + 1 bits.
 * 255 stands for no number, and only among gaps; the others are not used.
 *
 * <p>The number of an id i at a position whose token is v, with L = the prior's list of v and R =
 * the ids it ranks (both from 0):
 *
 * <pre>
 *   x &lt; |L|             i = L[x]
 *   x &lt; |L| + |R|       i = R[x - |L|]
 *   else                i = x - |L| - |R|
 * </pre>
 *
 * A gap is how many steps of 1.98 x bound nats a log-prob lies below the one before it at its
 * position, over the borders of bands; that before the first is 0, and a log-prob that is stored as
 * it is does not change the sum. So the n-th log-prob of a position is -(sum of gaps so far) x
 * step, rounded to float32: errors do not add up. The step is 1.98 x bound in float64, where the
 * bound is the float32 nearest to the one in the name; the product is float64 too. Stored as they
 * are: log-probs above 0, below -1,000, out of order, and those that rounding to float32 would move
 * out of the bound.
 *
 * <p>{@code stillhouse.prior} is base64 of a zstd frame of numbers of seven bits a byte, low ones
 * first, the highest bit set where more follow:
 *
 * <pre>
 *   how many ids are ranked; for each the difference d to the one before (the first: to 0), as 2d
 *   if d is not negative, else -2d - 1
 *   then to the end lists: token - the one before (the first: - (-1)), length (at most 128), and
 *   for each id of the list its rank
 * </pre>
 *
 * <p>The writer fits it to the shard's sequences up to the one that reaches 4,194,304 entries: ids
 * that were kept twice or more are ranked by how often, equal ones by id; a token that stands at 16
 * positions or more has a list of the 128 ids that were kept most often there, three times or more.
 * A reader does not depend on this rule. Start with {@code Prior} and {@code Symbols}, then {@code
 * BandReader}.
 */
@NullMarked
package dev.stillhouse.storage.layout.adaptive;

import org.jspecify.annotations.NullMarked;
