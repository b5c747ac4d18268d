package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.storage.manifest.ShardRecord;

/**
 * The receipt of a migrated shard.
 *
 * @param shard what was written
 * @param errorBound max change of any log-prob that the layout's bound allows, in nats
 * @param largestError largest change of any log-prob, in nats
 */
record MigrateReceipt(ShardRecord shard, double errorBound, double largestError) {}
