/**
 * Lays statistics out inside a shard. {@link dev.stillhouse.storage.layout.Layout} is the
 * interface, and each subpackage is one generation: {@code rows}, {@code columns}, {@code planes},
 * {@code adaptive}. Generations do not know each other. What all share is here, and what the
 * generations with one page for each value of a sequence share is in {@code pages}. A layout does
 * no I/O when it reads: a {@link dev.stillhouse.storage.layout.ShardReader} names byte ranges and
 * decodes what was fetched.
 *
 * <p>The statistic decides which columns a shard has: {@link
 * dev.stillhouse.storage.layout.EntryColumn} lists those of an entry, {@code ScalarColumn} those of
 * a position. A statistic of {@code top-k} alone has the fewest, and columns for other statistics
 * change none of its bytes.
 *
 * <p>Start with {@link dev.stillhouse.storage.layout.ShardHeader}, which every shard has (law 2),
 * then one generation's {@code package-info}. A new generation is a new package, a line in {@code
 * META-INF/services} and a one-line subclass of the contract test. Its {@code rounding} decides
 * when a migrated dataset equals an extracted one.
 */
@NullMarked
package dev.stillhouse.storage.layout;

import org.jspecify.annotations.NullMarked;
