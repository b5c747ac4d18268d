package dev.stillhouse.pipeline.formats.export;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.Closeable;
import java.io.IOException;

/** Writes the rows of a dataset, in order. */
public interface ExportWriter extends Closeable {
  /** Writes one row; returns the number of samples that it became. */
  int write(StatisticsBatch batch, int row) throws IOException;

  /** Completes the file. */
  void finish() throws IOException;
}
