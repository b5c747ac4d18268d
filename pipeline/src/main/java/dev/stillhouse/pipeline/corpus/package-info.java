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
 * <p>Units, pieces and settings are {@link java.io.Serializable}, because Beam ships them; a
 * tokenizer is not, and is found by its name on each machine ({@link
 * dev.stillhouse.pipeline.corpus.Tokenizers}): a tokenizer.json in the dataset, which keeps a copy.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus;

import org.jspecify.annotations.NullMarked;
