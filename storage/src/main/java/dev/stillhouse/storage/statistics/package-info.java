/**
 * Holds the arrays that all other packages use: {@link TokenBatch}, packed sequences of token ids,
 * and {@link StatisticsBatch}, the statistics of each next token. They are plain arrays with
 * offsets; {@link dev.stillhouse.storage.statistics.ArrowBatches} converts them to Arrow.
 *
 * <p>A {@link dev.stillhouse.storage.statistics.StatisticSpec} says which entries are kept. If it
 * is a union, {@link dev.stillhouse.storage.statistics.Provenance} says why each entry is kept, how
 * often it was drawn, and from which distribution.
 *
 * <p>Position t of a sequence holds the teacher's distribution of token t+1 of the same segment.
 * All logarithms are natural (nats); all log-probs are against the full vocabulary.
 */
@NullMarked
package dev.stillhouse.storage.statistics;

import org.jspecify.annotations.NullMarked;
