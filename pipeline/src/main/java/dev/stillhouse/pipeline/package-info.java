/**
 * Beam, and what runs inside its DoFns: {@link dev.stillhouse.pipeline.corpus} makes packed
 * sequences of text, {@link dev.stillhouse.pipeline.teacher} says what follows each token, {@link
 * dev.stillhouse.pipeline.extract} keeps what a student needs of it, {@link
 * dev.stillhouse.pipeline.job} runs all that in parallel.
 */
@NullMarked
package dev.stillhouse.pipeline;

import org.jspecify.annotations.NullMarked;
