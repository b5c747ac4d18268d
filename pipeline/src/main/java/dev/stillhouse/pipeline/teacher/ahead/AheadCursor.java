package dev.stillhouse.pipeline.teacher.ahead;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.Throwables;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The logits of one batch on their way from the teacher's thread ({@link #make}) to the one that
 * extracts (all else). An error is thrown there, after the blocks before it. The monitor of {@link
 * WaitingRows} guards the state.
 */
final class AheadCursor implements LogitsCursor {
  private final DenseTeacher teacher;
  private final TokenBatch batch;
  private final WaitingRows rows;
  private final WaitedTime waited;
  private final Deque<Logits> waiting = new ArrayDeque<>();
  private @Nullable Throwable error;
  private boolean ended;
  private boolean closed;

  AheadCursor(DenseTeacher teacher, TokenBatch batch, WaitingRows rows, WaitedTime waited) {
    this.waited = waited;
    this.teacher = teacher;
    this.batch = batch;
    this.rows = rows;
  }

  boolean isAbout(TokenBatch asked) {
    return batch.equals(asked);
  }

  /** Asks the teacher until all is given, it fails, or no more is needed. */
  void make() {
    @Nullable Throwable thrown = null;
    try {
      if (room()) {
        ask();
      }
    } catch (RuntimeException | Error e) { // An Error too: the extractor would wait for ever.
      thrown = e;
    } catch (InterruptedException e) {
      thrown = TeacherThread.interrupted(e);
    }
    synchronized (rows) {
      error = thrown;
      ended = true;
      rows.notifyAll();
    }
  }

  private void ask() throws InterruptedException {
    try (LogitsCursor cursor = teacher.read(batch)) {
      while (room()) {
        Logits block = cursor.next();
        if (block == null) {
          return;
        }
        put(block);
      }
    }
  }

  /** Waits until another block may be made; returns false if none is needed. */
  private boolean room() throws InterruptedException {
    synchronized (rows) {
      while (!closed && !rows.room()) {
        rows.wait();
      }
      return !closed;
    }
  }

  private void put(Logits block) {
    synchronized (rows) {
      if (!closed) {
        waiting.add(block);
        rows.add(block);
        return;
      }
    }
    block.close();
  }

  @Override
  public @Nullable Logits next() {
    synchronized (rows) {
      checkState(!closed, "LogitsCursor: next after close");
      try {
        awaitBlock();
      } catch (InterruptedException e) {
        throw TeacherThread.interrupted(e);
      }
      Logits block = waiting.poll();
      if (block != null) {
        rows.remove(block);
      } else if (error != null) {
        Throwables.throwIfUnchecked(error);
      }
      return block;
    }
  }

  private void awaitBlock() throws InterruptedException {
    synchronized (rows) {
      if (!waiting.isEmpty() || ended) {
        return;
      }
      try (WaitedTime.Waiting wait = waited.on(teacher, batch)) {
        while (waiting.isEmpty() && !ended) {
          rows.wait();
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (rows) {
      closed = true;
      for (Logits block : waiting) {
        rows.remove(block);
        block.close();
      }
      waiting.clear();
      rows.notifyAll();
    }
  }
}
