/**
 * Batches as a GPU wants them: every row of {@code T} slots, every slot of {@code k} entries,
 * padded, in the number types of the student. {@link dev.stillhouse.storage.loader.dense.DenseForm}
 * says which, {@link dev.stillhouse.storage.loader.dense.DenseBatch} holds the columns as plain
 * memory, {@link dev.stillhouse.storage.loader.dense.DenseArrow} writes the same columns straight
 * into Arrow's.
 */
@NullMarked
package dev.stillhouse.storage.loader.dense;

import org.jspecify.annotations.NullMarked;
