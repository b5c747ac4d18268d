package dev.stillhouse.storage.store;

import dev.stillhouse.storage.PublicApi;
import java.time.Instant;

/**
 * A blob as its region lists it.
 *
 * @param key its name
 * @param bytes its length
 * @param written when this copy was put or replaced, by the store's own clock: that of the machine
 *     that wrote it for a directory, the server's for S3
 */
@PublicApi
public record ListedBlob(String key, long bytes, Instant written) {}
