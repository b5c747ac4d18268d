/**
 * Removes blobs that no version needs: {@link
 * dev.stillhouse.storage.dataset.retention.GarbageCollector}. {@link
 * dev.stillhouse.storage.dataset.retention.Retention} and {@link
 * dev.stillhouse.storage.dataset.retention.Pins} say which versions stay.
 */
@NullMarked
package dev.stillhouse.storage.dataset.retention;

import org.jspecify.annotations.NullMarked;
