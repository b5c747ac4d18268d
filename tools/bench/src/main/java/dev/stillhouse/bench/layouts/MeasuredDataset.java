package dev.stillhouse.bench.layouts;

/**
 * The data of a measurement.
 *
 * @param dataset name by which the user called it
 * @param teacher source of these statistics
 * @param statistic what is kept of each position
 * @param vocabulary size
 * @param sequences number of the dataset's first sequences
 * @param sequenceLength positions of each
 * @param rounded note about log-probs that were rounded before; empty if they were not
 */
record MeasuredDataset(
    String dataset,
    String teacher,
    String statistic,
    int vocabulary,
    long sequences,
    int sequenceLength,
    String rounded) {}
