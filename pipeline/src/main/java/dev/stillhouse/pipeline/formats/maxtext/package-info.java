/**
 * Reads MaxText's files of top-k logits: ArrayRecord files, whose records are tf.Example messages
 * or pickled arrays. All hashes of the container are verified. They hold logits without a
 * normaliser. Memory is one chunk of records.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.maxtext;

import org.jspecify.annotations.NullMarked;
