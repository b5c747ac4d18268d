package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.region.RegionStore;
import java.util.OptionalLong;

/** Whether a receipt tells the truth: it is of this slice, and its blob is there and right. */
record ReceiptCheck(OutputPlan plan, RegionStore store, ShardBlobs blobs) {

  /** Throws a {@link DataException} that says what is not true. */
  void accept(Slice slice, ShardRecord record) {
    if (!record.tokens().equals(slice.tokens())
        || record.firstSequence() != slice.firstSequence()) {
      throw DataException.of("It is the receipt of another slice: %s", record);
    }
    OptionalLong size = store.size(record.key());
    if (size.isEmpty() || size.getAsLong() != record.blob().bytes()) {
      throw DataException.of(
          "It names %s of %d bytes; the store has %s",
          record.key(),
          record.blob().bytes(),
          size.isEmpty() ? "no such blob" : size.getAsLong() + " bytes");
    }
    ShardHeader header = Layouts.reader(blobs.footer(record.key(), record.blob())).header();
    if (!header.equals(plan.header(slice))) {
      throw DataException.of("It names %s, a shard of another dataset: %s", record.key(), header);
    }
  }
}
