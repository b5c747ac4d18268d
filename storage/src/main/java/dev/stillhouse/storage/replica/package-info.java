/**
 * Reads blobs from whichever replica of a dataset costs least. {@link
 * dev.stillhouse.storage.replica.ReplicaReader} verifies what it gets, goes to the next replica
 * when one is missing, late, refused or damaged, and books the cost in a {@link
 * dev.stillhouse.storage.replica.Ledger}.
 *
 * <p>{@link dev.stillhouse.storage.replica.ReplicaSelector} decides which replica serves a read,
 * and in which order the others follow. {@link dev.stillhouse.storage.replica.Fetch} reads one of
 * them, within a deadline. {@link dev.stillhouse.storage.replica.ReadAttempts} collects the errors
 * of the others, and an {@code UnreadableBlobException} reports them if none served.
 *
 * <p>A {@link dev.stillhouse.storage.replica.ReadContext} has the reader's location, its cost
 * policy and its cache. Fetched ranges are kept in a {@link
 * dev.stillhouse.storage.replica.cache.RangeCache}; {@link
 * dev.stillhouse.storage.replica.ReadAhead} reads what comes next.
 */
@NullMarked
package dev.stillhouse.storage.replica;

import org.jspecify.annotations.NullMarked;
