/**
 * Proves a dataset, and repairs it: {@link dev.stillhouse.storage.dataset.verify.DatasetVerifier}.
 * It reads every byte of every replica, recomputes every hash, checksum and sum, and compares
 * statistics with their tokens (laws 1 and 6). Each class {@code ...Part} does one part of that.
 *
 * <p>A replica that could not be read is not damaged: it is reported apart, and repair leaves it.
 * Where replicas differ and nothing proves which is right, repair refuses and shows where they
 * differ ({@link dev.stillhouse.storage.dataset.verify.RecordCopies}).
 */
@NullMarked
package dev.stillhouse.storage.dataset.verify;

import org.jspecify.annotations.NullMarked;
