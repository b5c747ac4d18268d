/**
 * Writes a dataset in another layout, without the teacher: {@link
 * dev.stillhouse.pipeline.job.migrate.MigrateJob}; {@link
 * dev.stillhouse.pipeline.job.migrate.ShardMigration} does one shard.
 */
@NullMarked
package dev.stillhouse.pipeline.job.migrate;

import org.jspecify.annotations.NullMarked;
