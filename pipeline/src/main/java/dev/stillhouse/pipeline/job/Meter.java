package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import java.util.OptionalDouble;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the progress of a job in this JVM, and holds the request to stop. The direct runner
 * publishes Beam's own metrics after each element only, too late for a progress bar over shards. On
 * a remote runner a worker counts here too, but nothing reads it.
 */
public final class Meter {
  private static final int GRACE_SECONDS = 10;

  private final AtomicLong done = new AtomicLong();
  private final LongAdder workedNanos = new LongAdder();
  private final LongAdder waitedNanos = new LongAdder();
  private final Phaser workers = new Phaser(1);
  private volatile boolean stopping;

  /** Adds work that is done: bytes of a corpus, positions of a dataset. */
  public void add(long count) {
    done.addAndGet(count);
  }

  /** Returns the work that was counted. */
  public long done() {
    return done.get();
  }

  /**
   * Adds time of a worker that a teacher elsewhere answers.
   *
   * @param nanos all of it
   * @param waited the part in which it waited for the teacher
   */
  public void time(long nanos, long waited) {
    workedNanos.add(nanos);
    waitedNanos.add(waited);
  }

  /**
   * Returns the share of the workers' time in which they waited for the teacher; empty if no
   * teacher answers from elsewhere.
   */
  public OptionalDouble waitedShare() {
    long all = workedNanos.sum();
    return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) waitedNanos.sum() / all);
  }

  /** Asks the job to stop at its next batch. */
  public void stop() {
    stopping = true;
  }

  /** Returns whether the job is asked to stop. */
  public boolean stopping() {
    return stopping;
  }

  /** Begins a worker's work, which ends when the result is closed. */
  public Work begin() {
    checkStop();
    workers.register();
    return workers::arriveAndDeregister;
  }

  /** The work of one worker. */
  public interface Work extends AutoCloseable {
    @Override
    void close();
  }

  /** Asks all workers of this JVM to stop, and waits until they have cleaned up. */
  void stopAndWait() {
    stop();
    try {
      workers.awaitAdvanceInterruptibly(workers.arrive(), GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return; // What they leave is removed by the next process.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Checks for a request to stop.
   *
   * @throws StoppedException if there is one
   */
  public void checkStop() {
    if (stopping) {
      throw new StoppedException();
    }
  }

  /** Reports that the job was asked to stop. Finished tasks are kept. */
  public static final class StoppedException extends DataException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("stopped; what is finished is kept, run the same command to go on");
    }
  }
}
