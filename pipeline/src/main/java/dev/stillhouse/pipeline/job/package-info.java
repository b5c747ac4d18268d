/**
 * The Beam jobs: {@link dev.stillhouse.pipeline.job.pack.PackJob}, {@link
 * dev.stillhouse.pipeline.job.extract.ExtractJob}, {@link dev.stillhouse.pipeline.job.migrate.MigrateJob} and
 * {@link dev.stillhouse.pipeline.job.replicate.ReplicateJob}. Every job has one shape: plan, then one DoFn
 * for each slice, then commit.
 *
 * <p>Between stages only small descriptors pass; tokens, logits and statistics live and die inside
 * one DoFn (law 7). Results travel through receipts in the store and never through Beam, so that a
 * retried bundle, a second process and a rerun after a crash all look the same: whoever finds a
 * true receipt skips the slice. A DoFn only wires an ordinary class: {@link
 * dev.stillhouse.pipeline.job.pack.UnitPacking}, {@link dev.stillhouse.pipeline.job.extract.SliceExtraction},
 * which is where to start reading, {@link dev.stillhouse.pipeline.job.migrate.ShardMigration}.
 *
 * <p>What the parts of one job share in a JVM is its {@link
 * dev.stillhouse.pipeline.job.JobContext}: the ledger, the meters, the pace of copies and the
 * teachers. It ends with the job.
 *
 * <p>A slice of a slow teacher is long. Its answers are kept now and then, and a process that goes
 * on replays them: {@code SliceParts}.
 *
 * <p>Where an extraction's dataset is to lie is its {@link dev.stillhouse.pipeline.job.replicate.Placement}:
 * {@link dev.stillhouse.pipeline.job.replicate.Replication} brings a version into other regions before and
 * after it is committed, {@link dev.stillhouse.pipeline.job.replicate.ReplicateJob} whenever somebody asks;
 * both by {@link dev.stillhouse.pipeline.job.replicate.RegionCopy}, as {@link
 * dev.stillhouse.pipeline.job.Transfer} says.
 *
 * <p>Memory: each worker thread holds two batches of tokens (2,048 positions each, at least one
 * sequence), the statistics of one, up to 16 MiB of answers that are not kept yet, one block of a
 * teacher's logits (and what {@link dev.stillhouse.pipeline.teacher.ahead} says, of a teacher that
 * waits for its answers) and one row group of the writer; a migration's holds the statistics of at
 * most 16,384 positions and 2 Mi entries (or one sequence), twice while it compares. Nothing grows
 * with the corpus but the plan: some hundred bytes for each slice.
 */
@NullMarked
package dev.stillhouse.pipeline.job;

import org.jspecify.annotations.NullMarked;
