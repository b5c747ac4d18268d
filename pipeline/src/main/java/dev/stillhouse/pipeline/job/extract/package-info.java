/**
 * Asks a teacher about packed sequences and keeps statistics: {@link
 * dev.stillhouse.pipeline.job.extract.ExtractJob}. The heart is {@link
 * dev.stillhouse.pipeline.job.extract.ShardExtraction}: tokens in, one shard out.
 *
 * <p>A task of a slow teacher is long. Its answers are kept now and then, and a process that goes
 * on replays them: {@code ExtractedParts}.
 */
@NullMarked
package dev.stillhouse.pipeline.job.extract;

import org.jspecify.annotations.NullMarked;
