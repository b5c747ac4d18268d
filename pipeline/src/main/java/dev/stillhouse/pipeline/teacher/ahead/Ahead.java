package dev.stillhouse.pipeline.teacher.ahead;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A teacher as a thread that extracts sees it: the next batch may be begun before this one is done.
 */
public interface Ahead extends AutoCloseable {
  /**
   * Returns the teacher to ask, in the order in which batches were begun; for that one thread
   * alone.
   */
  Teacher teacher();

  /** Begins to ask for a batch, if the teacher waits for its answers; returns at once. */
  void begin(TokenBatch batch);

  /** Returns whether the teacher wants to know of another batch beside the next one. */
  default boolean wantsMore() {
    return false;
  }

  /**
   * Returns how long the thread that extracts has waited for the teacher so far, in nanoseconds;
   * empty, the default, if it is asked in that thread itself.
   */
  default OptionalLong waitedNanos() {
    return OptionalLong.empty();
  }

  /** Drops what was begun and not asked for. */
  void drop();

  /** Ends the thread, if there is one, and waits for its end. The teacher itself stays open. */
  @Override
  void close();

  /**
   * Returns a thread for {@code teacher} if that gains time: see {@link DenseTeacher#waitingBytes}.
   */
  static Ahead of(Teacher teacher, Selection selection) {
    return of(teacher, selection, System::nanoTime);
  }

  /**
   * Returns the same with another clock, for tests.
   *
   * @param clock in nanoseconds
   */
  static Ahead of(Teacher teacher, Selection selection, LongSupplier clock) {
    if (teacher instanceof ReducedTeacher reduced) {
      return new AheadReduced(reduced, selection, new WaitedTime(clock));
    }
    DenseTeacher dense = (DenseTeacher) teacher;
    return dense.waitingBytes() > 0
        ? new AheadDense(dense, new WaitedTime(clock))
        : new NotAhead(dense);
  }

  /** The teacher itself, without a thread. */
  record NotAhead(Teacher teacher) implements Ahead {
    @Override
    public void begin(TokenBatch batch) {}

    @Override
    public void drop() {}

    @Override
    public void close() {}
  }
}
