package dev.stillhouse.pipeline.teacher.ahead;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Gives a row a block, after it has waited for what a test says. Ids 0 to 6; padding is none. */
final class WaitingTeacher implements DenseTeacher {
  /** Waits, or throws, before slot {@code slot} of the batch whose first sequence is given. */
  interface Wait {
    void before(long sequence, int slot) throws InterruptedException;
  }

  static final int V = 7;

  private final int waitingBytes;
  private final Wait wait;

  /** Cursors and blocks that are open, and the most blocks that were. */
  final AtomicInteger cursors = new AtomicInteger();

  final AtomicInteger blocks = new AtomicInteger();
  final AtomicInteger max = new AtomicInteger();

  WaitingTeacher(int waitingBytes, Wait wait) {
    this.waitingBytes = waitingBytes;
    this.wait = wait;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    cursors.incrementAndGet();
    return new LogitsCursor() {
      private int slot;

      @Override
      public @Nullable Logits next() {
        if (slot == batch.slots()) {
          return null;
        }
        max.accumulateAndGet(blocks.incrementAndGet(), Math::max);
        try {
          wait.before(batch.firstSequence(), slot);
        } catch (InterruptedException e) {
          blocks.decrementAndGet();
          throw new IllegalStateException("interrupted", e);
        } catch (RuntimeException e) {
          blocks.decrementAndGet();
          throw e;
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(4 * V).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < V; i++) {
          memory.putFloat(4 * i, (float) ((i * 31L + slot * 17L + batch.firstSequence()) % 13));
        }
        return new Logits(memory, slot++, 1, V, blocks::decrementAndGet);
      }

      @Override
      public void close() {
        cursors.decrementAndGet();
      }
    };
  }

  @Override
  public int waitingBytes() {
    return waitingBytes;
  }

  @Override
  public String fingerprint() {
    return "waiting";
  }

  @Override
  public int vocabulary() {
    return V;
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public void close() {}
}
