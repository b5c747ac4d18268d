package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.Closeable;
import java.io.IOException;

/** Writes a stream of batches into one shard. */
public interface ShardWriter extends Closeable {
  /**
   * Appends a batch; its sequences follow those already written, its columns are those of the
   * header's statistic.
   *
   * @throws IllegalArgumentException if they are not
   */
  void write(StatisticsBatch batch) throws IOException;

  /**
   * Completes the shard with its checksums. Fails if the sequences written are not those of the
   * header.
   */
  SealedFile finish() throws IOException;

  /** Lets go of the file; without {@link #finish} it is no shard. */
  @Override
  void close() throws IOException;
}
