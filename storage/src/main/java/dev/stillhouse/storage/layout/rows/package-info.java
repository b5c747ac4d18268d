/**
 * Generation 1, {@code rows}: the first thing everyone writes. Each position is a nested list of
 * (id, log-prob) structs, int32 and float32, exact.
 *
 * <pre>
 * shard           := one Parquet row for each sequence, lists of T elements, zstd-1, no dictionary
 *   sequence        int64                            dataset-wide number
 *   tokens          list&lt;int32&gt;                      packed ids
 *   segments        list&lt;int32&gt;                      segment within the sequence, -1 is padding
 *   fingerprint     fixed(16)                        of tokens and segments
 *   entries         list&lt;list&lt;struct&lt;id: int32, log_prob: float&gt;&gt;&gt;   best first
 *   log_tail, entropy, log_normaliser, target_log_prob   list&lt;float&gt;, null where there is none
 * row group       := 16,384 positions, at least one sequence
 * </pre>
 */
@NullMarked
package dev.stillhouse.storage.layout.rows;

import org.jspecify.annotations.NullMarked;
