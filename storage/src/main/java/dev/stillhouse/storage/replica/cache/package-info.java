/**
 * Keeps ranges of immutable blobs that were fetched: in memory, and behind it in a directory that
 * outlives the process and that others may share. Start with {@link
 * dev.stillhouse.storage.replica.cache.RangeCache}.
 *
 * <p>A cache promises nothing of its bytes: the reader checks them, and calls {@code forget} for
 * those that are not right.
 */
@NullMarked
package dev.stillhouse.storage.replica.cache;

import org.jspecify.annotations.NullMarked;
