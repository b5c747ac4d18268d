package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;

/** No rows of a dataset, with its columns: what a rank has of a step that is too short for it. */
final class EmptyRows {
  private EmptyRows() {}

  static StatisticsBatch of(Dataset dataset) {
    float[] no = new float[0];
    return new StatisticsBatch(
        new TokenBatch(0, dataset.manifest().sequenceLength(), new int[0], new int[0]),
        new int[1],
        new int[0],
        no,
        Provenance.room(dataset.statistic(), 0),
        no,
        no,
        no,
        no,
        new float[dataset.statistic().normalisersAt().size()][0]);
  }
}
