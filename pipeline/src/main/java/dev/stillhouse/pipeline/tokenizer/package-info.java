/**
 * Encodes text as token ids, and decodes them. {@link dev.stillhouse.pipeline.tokenizer.Tokenizers}
 * finds a tokenizer by its name on each machine: a built-in one, or a tokenizer.json in the
 * dataset, which keeps a copy.
 *
 * <p>Memory: byte-level tokenizers encode documents of any length in chunks ({@link
 * dev.stillhouse.pipeline.tokenizer.ChunkedEncoder}). Under a tokenizer.json whose texts no cut is
 * known to be safe for, a document is held whole, up to 4 Mi characters ({@link
 * dev.stillhouse.pipeline.tokenizer.WholeEncoder}).
 */
@NullMarked
package dev.stillhouse.pipeline.tokenizer;

import org.jspecify.annotations.NullMarked;
