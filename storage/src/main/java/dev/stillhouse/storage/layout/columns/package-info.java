/**
 * Generation 2, {@code columns}: ids and log-probs in columns of their own. Log-probs are rounded
 * to float16's precision (11 significant bits, so the error is at most 2^-11 of the value, or
 * 2^-137 if that is more) but stay FLOAT, byte-stream-split, so that the planes of their two low
 * bytes compress to almost nothing. Finite values stay finite.
 *
 * <pre>
 * shard           := one Parquet row for each sequence, lists of T elements, zstd-1, no dictionary
 *   sequence        int64                            dataset-wide number
 *   tokens          list&lt;int32&gt;                      packed ids
 *   segments        list&lt;int32&gt;                      segment within the sequence, -1 is padding
 *   fingerprint     fixed(16)                        of tokens and segments
 *   ids             list&lt;list&lt;int32&gt;&gt;                best first, byte-stream-split
 *   log_probs       list&lt;list&lt;float&gt;&gt;                in the order of ids, byte-stream-split
 *   log_tail, entropy, log_normaliser, target_log_prob   list&lt;float&gt;, null where there is none
 * row group       := 4,096 positions, at least one sequence: what one random read costs
 * </pre>
 *
 * <p>Further columns exist only if the {@link dev.stillhouse.storage.statistics.StatisticSpec}
 * keeps them. The header's {@code stillhouse.statistic} decides, not the schema:
 *
 * <pre>
 *   reasons         list&lt;list&lt;int8&gt;&gt;     behind log_probs, where entries have different reasons: a bit set
 *   counts          list&lt;list&lt;int32&gt;&gt;    draws of each entry, with sample
 *   log_proposals   list&lt;list&lt;float&gt;&gt;    log of the probability that a draw was this entry, with
 *                                      sample,temperature; exact, for an importance weight divides by it
 *   normaliser_at_2.0   list&lt;float&gt;, the last columns, one for each temperature of normaliser-at
 * </pre>
 *
 * <p>Each is in the order of ids and byte-stream-split as they are.
 */
@NullMarked
package dev.stillhouse.storage.layout.columns;

import org.jspecify.annotations.NullMarked;
