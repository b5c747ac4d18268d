/**
 * Makes a dataset of what another tool kept: {@link dev.stillhouse.pipeline.job.imports.ImportJob}.
 * One thread reads the source from its first sequence to its last. A shard's statistics wait in a
 * scratch file until its number of sequences is known, so memory is one sequence and one row group.
 * A job that was stopped reads the source again, and writes only the shards that are not there.
 */
@NullMarked
package dev.stillhouse.pipeline.job.imports;

import org.jspecify.annotations.NullMarked;
