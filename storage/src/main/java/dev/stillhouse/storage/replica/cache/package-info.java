/**
 * Caches ranges of immutable blobs: in memory, and behind it in a directory that outlives the
 * process and that other processes may share. Start with {@link
 * dev.stillhouse.storage.replica.cache.RangeCache}.
 *
 * <p>A cache does not check its bytes: the reader does, and calls {@code forget} for wrong ones.
 */
@NullMarked
package dev.stillhouse.storage.replica.cache;

import org.jspecify.annotations.NullMarked;
