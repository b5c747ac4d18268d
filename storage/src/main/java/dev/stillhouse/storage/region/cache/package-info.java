/**
 * What was fetched once is not fetched again: pieces of immutable blobs in memory, and behind it in
 * a directory that outlives the process and that others may share. Start with {@link
 * dev.stillhouse.storage.region.cache.PieceCache}.
 *
 * <p>A cache promises nothing of its bytes: whoever reads checks them, and says {@code forget} of
 * those that are not right.
 */
@NullMarked
package dev.stillhouse.storage.region.cache;

import org.jspecify.annotations.NullMarked;
