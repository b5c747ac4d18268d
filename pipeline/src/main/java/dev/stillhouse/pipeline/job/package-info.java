/**
 * Runs jobs on Beam. Every job has one shape: plan, then one DoFn for each task, then commit. The
 * jobs are in {@code pack}, {@code extract}, {@code migrate} and {@code replicate}; here is what
 * they share: the runner ({@link dev.stillhouse.pipeline.job.BeamRunner}), the context of a job,
 * its output and its commit.
 *
 * <p>Between stages only small descriptors pass; tokens, logits and statistics live and die inside
 * one DoFn (law 7). Results travel through receipts in the store and never through Beam, so that a
 * retried bundle, a second process and a rerun after a crash are all handled alike: a task that
 * finds a true receipt is skipped. A DoFn only wires an ordinary class; start reading there.
 *
 * <p>Memory: each worker thread holds two batches of tokens (2,048 positions each, at least one
 * sequence), the statistics of one, up to 16 MiB of answers that are not kept yet, one block of a
 * teacher's logits (and what {@link dev.stillhouse.pipeline.teacher.ahead} says, of a teacher that
 * waits for its answers) and one row group of the writer; a migration's holds the statistics of at
 * most 16,384 positions and 2 Mi entries (or one sequence), twice while it compares. Nothing grows
 * with the corpus but the plan: some hundred bytes for each task.
 */
@NullMarked
package dev.stillhouse.pipeline.job;

import org.jspecify.annotations.NullMarked;
