package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.store.BlobStore;
import java.util.OptionalLong;

/**
 * Checks whether a receipt is true: it is of this shard task, and its blob is in the store and
 * right.
 */
public record ReceiptCheck(OutputPlan plan, JobOutput output) {

  /**
   * Checks a receipt.
   *
   * @throws DataException that says what is not true
   */
  public void accept(ShardTask task, ShardRecord record) {
    if (!record.tokens().equals(task.tokens()) || record.firstSequence() != task.firstSequence()) {
      throw DataException.of("It is the receipt of another shard task: %s", record);
    }
    present(output.home(), record.key(), record.blob());
    ShardHeader header =
        Layouts.reader(output.blobs().footer(record.key(), record.blob())).header();
    if (!header.equals(plan.header(task))) {
      throw DataException.of("It names %s, a shard of another dataset: %s", record.key(), header);
    }
  }

  /**
   * Checks that a blob that a receipt names is in the store, in its length.
   *
   * @throws DataException if not
   */
  public static void present(BlobStore store, String key, BlobRecord blob) {
    OptionalLong size = store.size(key);
    if (size.isEmpty() || size.getAsLong() != blob.bytes()) {
      throw DataException.of(
          "It names %s of %d bytes; the store has %s",
          key, blob.bytes(), size.isEmpty() ? "no such blob" : size.getAsLong() + " bytes");
    }
  }
}
