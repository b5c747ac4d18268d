/**
 * Reads Parquet files of any origin: one column of strings, or columns of numbers and lists of
 * them, a row group at a time. It knows nothing of corpora. Every size that a file claims is
 * checked before memory is taken for it. Any error of Parquet's own reader at damaged bytes becomes
 * a {@link dev.stillhouse.storage.DataException} that names the file.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus.parquet;

import org.jspecify.annotations.NullMarked;
