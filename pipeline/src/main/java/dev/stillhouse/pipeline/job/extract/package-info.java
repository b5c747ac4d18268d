/**
 * Asks a teacher for packed sequences and keeps statistics: {@link
 * dev.stillhouse.pipeline.job.extract.ExtractJob}. The heart is {@link
 * dev.stillhouse.pipeline.job.extract.ShardExtraction}: tokens in, one shard out.
 *
 * <p>A task of a slow teacher takes long. Its answers are stored now and then, and the next process
 * replays them: {@code ExtractedParts}.
 */
@NullMarked
package dev.stillhouse.pipeline.job.extract;

import org.jspecify.annotations.NullMarked;
