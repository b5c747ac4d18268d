/**
 * Generation 1, {@code rows}: the layout that is usually written first. Each position is a nested
 * list of (id, log-prob) structs, int32 and float32, exact.
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
 *
 * <p>Further columns exist only if the {@link dev.stillhouse.storage.statistics.StatisticSpec}
 * keeps them. The header's {@code stillhouse.statistic} decides, not the schema:
 *
 * <pre>
 *   entries         further fields of the struct, behind log_prob:
 *     reasons         int8     bit set, where entries have different reasons: one entry may have several
 *     count           int32    draws of this entry, with sample
 *     log_proposal    float    log of the probability that a draw was this entry, with sample,temperature
 *   normaliser_at_2.0   list&lt;float&gt;, the last columns, one for each temperature of normaliser-at
 * </pre>
 */
@NullMarked
package dev.stillhouse.storage.layout.rows;

import org.jspecify.annotations.NullMarked;
