/**
 * Reads and writes token shards: the packed sequences of one packing unit, written once and read
 * for every teacher. Sequences are numbered within their unit, so that an unchanged unit keeps its
 * shards wherever it stands in the corpus.
 *
 * <pre>
 * token shard     := one Parquet row for each sequence, lists of T elements, zstd-1
 *   sequence        int64                            number within the unit
 *   tokens          list&lt;int32&gt;                      packed ids, 0 in padding
 *   segments        list&lt;int32&gt;                      segment within the sequence, -1 is padding
 *   fingerprint     fixed(16)                        of tokens and segments
 *   sources         list&lt;struct&lt;file: string, document: int64&gt;&gt;   one for each segment
 * row group       := 65,536 positions, at least one sequence
 * </pre>
 */
@NullMarked
package dev.stillhouse.storage.tokens;

import org.jspecify.annotations.NullMarked;
