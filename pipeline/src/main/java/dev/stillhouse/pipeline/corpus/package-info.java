/**
 * From a user's files to packed sequences, without Beam.
 *
 * <pre>
 * arguments -> CorpusPlan -> Unit (a list of Piece) -> DocumentReader -> TextTokenizer -> Packer -> rows
 * </pre>
 *
 * <p>Planning reads every byte once or twice and keeps none. Packing holds one chunk of text, one
 * row, and for jsonl one line; no document is ever held whole otherwise.
 *
 * <p>Units, pieces and settings are {@link java.io.Serializable}, because Beam ships them; a
 * tokenizer is not, and is found by its name on each machine ({@link
 * dev.stillhouse.pipeline.corpus.Tokenizers}).
 */
@NullMarked
package dev.stillhouse.pipeline.corpus;

import org.jspecify.annotations.NullMarked;
