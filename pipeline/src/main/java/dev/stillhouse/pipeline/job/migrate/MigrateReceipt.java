package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.storage.manifest.ShardRecord;

/**
 * A shard that was migrated.
 *
 * @param shard what was written
 * @param errorBound nats: the most that the layout's bound allowed any of its log-probs
 * @param largestError nats: the most that any of them was changed by
 */
record MigrateReceipt(ShardRecord shard, double errorBound, double largestError) {}
