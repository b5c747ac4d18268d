/**
 * Parquet files that other people wrote: one column of strings, read a row group at a time. Knows
 * nothing of corpora. Every size that a file claims is checked before memory is taken for it, and
 * whatever Parquet's own reader throws at damaged bytes becomes a {@link
 * dev.stillhouse.storage.DataException} that names the file.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus.parquet;

import org.jspecify.annotations.NullMarked;
