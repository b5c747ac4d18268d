/**
 * Makes dense batches for a GPU: every row has {@code T} slots, every slot {@code k} entries,
 * padded, in the student's number types. {@link dev.stillhouse.storage.loader.dense.DenseForm} is
 * their shape, {@link dev.stillhouse.storage.loader.dense.DenseBatch} holds the columns as plain
 * memory, {@link dev.stillhouse.storage.loader.dense.DenseArrow} writes the same columns straight
 * into Arrow's.
 */
@NullMarked
package dev.stillhouse.storage.loader.dense;

import org.jspecify.annotations.NullMarked;
