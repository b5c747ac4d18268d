/**
 * How statistics are laid out inside a shard. {@link dev.stillhouse.storage.layout.Layout} is the
 * interface, one subpackage is one generation: {@code rows}, {@code columns}, {@code planes},
 * {@code adaptive}. Generations do not know each other; what they share stands here, and in {@code
 * pages} what those share that have one page for each value of a sequence. A layout does no I/O
 * when it reads: a {@link dev.stillhouse.storage.layout.ShardReader} names byte ranges and decodes
 * what was fetched.
 *
 * <p>Which columns a shard has follows its statistic: {@link
 * dev.stillhouse.storage.layout.EntryColumn} lists what an entry may have, {@code ScalarColumn}
 * what a position may have. A statistic of {@code top-k} alone has the least, and what is added for
 * others changes none of its bytes.
 *
 * <p>Start with {@link dev.stillhouse.storage.layout.ShardHeader}, what every shard says about
 * itself (law 2), then one generation's {@code package-info}. A new generation is a new package, a
 * line in {@code META-INF/services} and a one-line subclass of the contract test. Its {@code
 * rounding} decides when a dataset that was migrated to it is the one that an extraction gives.
 */
@NullMarked
package dev.stillhouse.storage.layout;

import org.jspecify.annotations.NullMarked;
