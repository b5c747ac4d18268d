/**
 * The arrays that everything else carries: {@link TokenBatch}, packed sequences of token ids, and
 * {@link StatisticsBatch}, what a teacher said about each next token. Plain arrays with offsets;
 * {@link dev.stillhouse.storage.statistics.ArrowBatches} is the border to Arrow.
 *
 * <p>A {@link dev.stillhouse.storage.statistics.StatisticSpec} says which entries are kept. Where
 * it is a union, {@link dev.stillhouse.storage.statistics.Provenance} says what each entry is there
 * for, how often it was drawn, and from what.
 *
 * <p>Position t of a sequence holds the teacher's distribution of token t+1 of the same segment.
 * All logarithms are natural (nats); all log-probs are against the full vocabulary.
 */
@NullMarked
package dev.stillhouse.storage.statistics;

import org.jspecify.annotations.NullMarked;
