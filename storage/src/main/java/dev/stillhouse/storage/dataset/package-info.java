/**
 * Opens a dataset and reads its rows: {@link dev.stillhouse.storage.dataset.Dataset}. A version is
 * pinned when it is opened (law 5). {@link dev.stillhouse.storage.dataset.Replicas} are its
 * replicas, opened; {@link dev.stillhouse.storage.dataset.ShardBlobs} reads shards from them;
 * {@link dev.stillhouse.storage.dataset.NeededBlobs} lists what a version needs, from its manifest.
 *
 * <p>The subpackage {@code verify} proves and repairs, {@code retention} removes.
 */
@NullMarked
package dev.stillhouse.storage.dataset;

import org.jspecify.annotations.NullMarked;
