/**
 * From a user's files to packed sequences, without Beam.
 *
 * <pre>
 * arguments -> CorpusPlan -> Unit (a list of Piece) -> DocumentReader -> TextTokenizer -> Packer -> rows
 * </pre>
 *
 * <p>Planning reads every byte once or twice and keeps none. Packing holds one chunk of text, one
 * row, for jsonl one line and for parquet one column chunk; no document is ever held whole
 * otherwise, but under a tokenizer.json whose texts no cut is known to be safe for ({@link
 * dev.stillhouse.pipeline.tokenizer.WholeEncoder}).
 *
 * <p>A .txt or .jsonl file may be compressed: its bytes are hashed as they are stored, then
 * inflated as a stream ({@link dev.stillhouse.pipeline.corpus.PieceInput}), so memory does not
 * follow the ratio. It is never cut. Of a .parquet file one column of strings is read, and it is
 * cut where row groups start ({@link dev.stillhouse.pipeline.corpus.ParquetReader}).
 *
 * <p>Which documents are taken is decided twice: {@code --max-documents} while planning, so that
 * the plan ends there, and {@code --sample} by {@link
 * dev.stillhouse.pipeline.corpus.SampledDocuments} between reader and packer. A document that
 * cannot be read is told through {@link dev.stillhouse.pipeline.corpus.DocumentSink#bad}: it fails
 * the run, or {@link dev.stillhouse.pipeline.packing.SkippingDocuments} leaves it out whole. A file
 * that cannot be read always fails.
 *
 * <p>Units, pieces and settings are {@link java.io.Serializable}, because Beam ships them; a
 * tokenizer is not, and is found by its name on each machine ({@link
 * dev.stillhouse.pipeline.tokenizer.Tokenizers}): a tokenizer.json in the dataset, which keeps a copy.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus;

import org.jspecify.annotations.NullMarked;
