package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.Closeable;
import java.io.IOException;

/** Writes a stream of batches into one shard. */
@PublicApi
public interface ShardWriter extends Closeable {
  /**
   * Appends a batch. Its sequences follow those already written, its columns are those of the
   * header's statistic.
   *
   * @throws IllegalArgumentException if they do not
   */
  void write(StatisticsBatch batch) throws IOException;

  /**
   * Completes the shard with its checksums.
   *
   * @throws IllegalArgumentException if the sequences written are not those of the header
   */
  SealedFile finish() throws IOException;

  /** Closes the file. Without {@link #finish} before it is no shard. */
  @Override
  void close() throws IOException;
}
