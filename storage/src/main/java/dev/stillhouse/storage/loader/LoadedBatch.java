package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.statistics.StatisticsBatch;

/**
 * What a student gets in one step.
 *
 * @param sequences dataset-wide number of each row; the batch's own numbering does not count, since
 *     rows come shuffled
 * @param statistics the rows
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record LoadedBatch(long[] sequences, StatisticsBatch statistics) {}
