package dev.stillhouse.pipeline.teacher.ahead;

import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.Waits;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Adds up how long the thread that extracts has waited for a teacher. For that thread alone. */
final class WaitedTime {
  private final LongSupplier clock;
  private long nanos;

  /**
   * Creates a sum.
   *
   * @param clock in nanoseconds
   */
  WaitedTime(LongSupplier clock) {
    this.clock = clock;
  }

  /** A wait, until it is closed. */
  interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /** Begins a wait for a teacher's answer to a batch. */
  Waiting on(Teacher teacher, TokenBatch batch) {
    long start = clock.getAsLong();
    Waits.Wait wait =
        Waits.OF_PROCESS.on(
            String.format(
                Locale.ROOT,
                "the teacher %s, asked about sequences %d to %d",
                teacher.fingerprint(),
                batch.firstSequence(),
                batch.firstSequence() + batch.sequences() - 1));
    return () -> {
      wait.close();
      nanos += clock.getAsLong() - start;
    };
  }

  /** Returns the nanoseconds of all waits that have ended. */
  long nanos() {
    return nanos;
  }
}
