/**
 * Runs the jobs of a dataset on Beam: {@link dev.stillhouse.pipeline.corpus} reads documents,
 * {@link dev.stillhouse.pipeline.tokenizer} and {@link dev.stillhouse.pipeline.packing} make packed
 * sequences of them, {@link dev.stillhouse.pipeline.teacher} gives the distribution of each next
 * token, {@link dev.stillhouse.pipeline.extract} keeps its statistics, and {@link
 * dev.stillhouse.pipeline.job} does all that in parallel.
 */
@NullMarked
package dev.stillhouse.pipeline;

import org.jspecify.annotations.NullMarked;
