/**
 * Packs documents into sequences of equal length: {@link dev.stillhouse.pipeline.packing.Packer}
 * drives a reader and a tokenizer, {@link dev.stillhouse.pipeline.packing.RowBuilder} fills rows,
 * {@link dev.stillhouse.pipeline.packing.SequenceSink} takes them. {@link
 * dev.stillhouse.pipeline.packing.SkippingDocuments} leaves bad documents out whole.
 *
 * <p>Memory: one chunk of text and one row; of jsonl one line, of Parquet one column chunk.
 */
@NullMarked
package dev.stillhouse.pipeline.packing;

import org.jspecify.annotations.NullMarked;
