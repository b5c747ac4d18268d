/**
 * Keeps blobs in memory, under {@code memory:NAME}, for tests and benchmarks. It keeps the whole
 * contract of {@link dev.stillhouse.storage.store.BlobStore}.
 */
@NullMarked
package dev.stillhouse.storage.store.memory;

import org.jspecify.annotations.NullMarked;
