package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a job in this JVM is, and the wish that it stop. The direct runner publishes Beam's own
 * metrics after each element only, too late for a progress bar over shards; on a remote runner a
 * worker counts here too, but nobody looks.
 */
public final class Meter {
  private static final int GRACE_SECONDS = 10;

  private final AtomicLong done = new AtomicLong();
  private final Phaser workers = new Phaser(1);
  private volatile boolean stopping;

  /** Counts work that is done: bytes of a corpus, positions of a dataset. */
  public void add(long count) {
    done.addAndGet(count);
  }

  /** All that was counted. */
  public long done() {
    return done.get();
  }

  /** Asks the job to stop at its next batch. */
  public void stop() {
    stopping = true;
  }

  /** Whether the job was asked to stop. */
  public boolean stopping() {
    return stopping;
  }

  /** A worker begins; it ends by closing what it gets. */
  public Work begin() {
    checkStop();
    workers.register();
    return workers::arriveAndDeregister;
  }

  /** What a worker is busy with. */
  public interface Work extends AutoCloseable {
    @Override
    void close();
  }

  /** Asks all workers of this JVM to stop, and waits until they have tidied up behind them. */
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

  /** Throws when the job was asked to stop. */
  public void checkStop() {
    if (stopping) {
      throw new StoppedException();
    }
  }

  /** The job was asked to stop; what is finished is kept. */
  public static final class StoppedException extends DataException {
    private static final long serialVersionUID = 1;

    StoppedException() {
      super("stopped; what is finished is kept, run the same command to go on");
    }
  }
}
