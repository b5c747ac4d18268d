/**
 * Copies versions into other regions: {@link dev.stillhouse.pipeline.job.replicate.ReplicateJob}
 * when a user asks, {@link dev.stillhouse.pipeline.job.replicate.Replication} before and after a
 * version is committed, as the extraction's {@link dev.stillhouse.pipeline.job.replicate.Placement}
 * says. Both copy by {@link dev.stillhouse.pipeline.job.replicate.ReplicaCopy}.
 */
@NullMarked
package dev.stillhouse.pipeline.job.replicate;

import org.jspecify.annotations.NullMarked;
