package dev.stillhouse.bench.layouts;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Joins Arrow batches of any number of rows; its arrays grow. */
final class ArrowGather implements Consumer<VectorSchemaRoot> {
  private final ShardHeader header;
  private StatisticsBatch batch;
  private int slot;

  ArrowGather(ShardHeader header, int from, int to) {
    this.header = header;
    int slots = (to - from) * header.sequenceLength();
    int guess = slots * Math.max(1, header.spec().topK());
    batch = EmptyBatch.of(header, from, to, guess);
  }

  @Override
  public void accept(VectorSchemaRoot root) {
    int needed = batch.offsets()[slot] + ArrowRows.entries(root);
    if (needed > batch.ids().length) {
      int capacity = Math.max(needed, 2 * batch.ids().length);
      batch =
          batch.withEntries(
              batch.offsets(),
              Arrays.copyOf(batch.ids(), capacity),
              Arrays.copyOf(batch.logProbs(), capacity),
              batch.provenance());
    }
    ArrowRows.read(root, header.spec(), batch, slot);
    slot += root.getRowCount();
  }

  /** Returns all rows. */
  StatisticsBatch batch() {
    checkState(slot == batch.tokens().slots(), "%s rows came", slot);
    return batch;
  }
}
