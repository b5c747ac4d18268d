package dev.stillhouse.pipeline.teacher.synthetic;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import org.jspecify.annotations.Nullable;

/** Lends as many consecutive rows at once as a segment has positions, without copying any. */
final class SyntheticCursor implements LogitsCursor {
  private final SyntheticSettings settings;
  private final SyntheticPool pool;
  private final TokenBatch batch;
  private boolean closed;
  private int slot;

  /** Where the segment of {@link #slot} begins. */
  private int start;

  SyntheticCursor(SyntheticSettings settings, SyntheticPool pool, TokenBatch batch) {
    this.settings = settings;
    this.pool = pool;
    this.batch = batch;
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    while (slot < batch.slots() && batch.padding(slot)) {
      start = ++slot;
    }
    if (slot == batch.slots()) {
      return null;
    }
    int row = (slot - start) % settings.rows();
    int end = batch.segmentEnd(slot);
    int count = Math.min(end - slot, settings.rows() - row);
    Logits lent = new Logits(pool.rows(row, count), slot, count, settings.vocabulary(), () -> {});
    slot += count;
    if (slot == end) {
      start = end;
    }
    return lent;
  }

  @Override
  public void close() {
    closed = true;
  }
}
