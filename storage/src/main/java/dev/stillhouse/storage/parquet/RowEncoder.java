package dev.stillhouse.storage.parquet;

import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one row of a batch as Parquet fields.
 *
 * @param <B> kind of batch
 */
public interface RowEncoder<B> {
  /** Writes row {@code row} of {@code batch}, from its first field to its last. */
  void encode(B batch, int row, RecordConsumer out);
}
