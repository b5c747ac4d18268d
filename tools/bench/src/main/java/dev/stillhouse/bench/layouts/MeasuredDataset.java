package dev.stillhouse.bench.layouts;

/**
 * What was measured on.
 *
 * @param dataset how the user called it
 * @param teacher who said these statistics
 * @param statistic what is kept of each position
 * @param vocabulary size
 * @param sequences the first of the dataset
 * @param sequenceLength positions of each
 * @param rounded what is to be said of log-probs that were rounded before; empty if they were not
 */
record MeasuredDataset(
    String dataset,
    String teacher,
    String statistic,
    int vocabulary,
    long sequences,
    int sequenceLength,
    String rounded) {}
