/**
 * From a user's files to packed sequences, without Beam.
 *
 * <pre>
 * arguments -> CorpusPlan -> Unit (a list of Piece) -> DocumentReader -> TextTokenizer -> Packer -> rows
 * </pre>
 *
 * <p>Planning reads every byte once or twice and keeps none. Packing holds one chunk of text, one
 * row, and for jsonl one line; no document is ever held whole otherwise, but under a tokenizer.json
 * whose texts no cut is known to be safe for ({@link dev.stillhouse.pipeline.corpus.WholeEncoder}).
 *
 * <p>A .txt or .jsonl file may be compressed: its bytes are hashed as they are stored, then
 * inflated as a stream ({@link dev.stillhouse.pipeline.corpus.PieceInput}), so memory does not
 * follow the ratio. It is never cut. Of a .parquet file one column of strings is read, and it is
 * cut where row groups start ({@link dev.stillhouse.pipeline.corpus.ParquetReader}).
 *
 * <p>Units, pieces and settings are {@link java.io.Serializable}, because Beam ships them; a
 * tokenizer is not, and is found by its name on each machine ({@link
 * dev.stillhouse.pipeline.corpus.Tokenizers}): a tokenizer.json in the dataset, which keeps a copy.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus;

import org.jspecify.annotations.NullMarked;
