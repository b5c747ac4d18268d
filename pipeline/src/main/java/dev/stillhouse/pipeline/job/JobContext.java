package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableSet;
import com.google.common.util.concurrent.RateLimiter;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.PacedStore;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one job share in this JVM: the ledger that its plan, its DoFns and its commit
 * book in, the meter of each stage, the pace of its copies, and its teachers. Parts find it by the
 * job's id, which travels with the plan.
 *
 * <p>A process that runs a job begins the context, and closes it with the job. A DoFn joins it and
 * leaves it. On a worker of a remote runner no one begins it: there the first DoFn that joins makes
 * it, and the last that leaves removes it. Such a worker books in a ledger of its own, which is not
 * added to the job's.
 */
public final class JobContext implements AutoCloseable {
  /** The contexts of this JVM, by job; guards what of each says who uses it. */
  private static final Map<String, JobContext> OPEN = new HashMap<>();

  private final String job;
  private final Ledger ledger = new Ledger();
  private final SharedTeachers teachers = new SharedTeachers();
  private final Map<String, Meter> meters = new ConcurrentHashMap<>();
  private @Nullable RateLimiter pace;
  private boolean begun;
  private int joined;

  private JobContext(String job) {
    this.job = job;
  }

  /** Begins a job of a new id. */
  public static JobContext begin() {
    synchronized (OPEN) {
      JobContext context = new JobContext(UUID.randomUUID().toString());
      context.begun = true;
      OPEN.put(context.job, context);
      return context;
    }
  }

  /** Joins a job; who joins must {@link #leave}. */
  public static JobContext join(String job) {
    synchronized (OPEN) {
      JobContext context = OPEN.computeIfAbsent(job, JobContext::new);
      context.joined++;
      return context;
    }
  }

  /** Leaves the job; without one that began it, it ends with the last that leaves. */
  public void leave() {
    synchronized (OPEN) {
      joined--;
      if (joined == 0 && !begun) {
        OPEN.remove(job, this);
      }
    }
  }

  /** Ends the job. What DoFns still hold of it stays usable until they leave. */
  @Override
  public void close() {
    synchronized (OPEN) {
      begun = false;
      OPEN.remove(job, this);
    }
  }

  /** Returns the ids of the jobs that have a context in this JVM, for tests. */
  static ImmutableSet<String> jobs() {
    synchronized (OPEN) {
      return ImmutableSet.copyOf(OPEN.keySet());
    }
  }

  /** Returns the job's id. */
  public String job() {
    return job;
  }

  /** Returns the job's ledger in this JVM. */
  public Ledger ledger() {
    return ledger;
  }

  /** Returns the teachers that the job's DoFns share. */
  public SharedTeachers teachers() {
    return teachers;
  }

  /** Returns the meter of a stage; made at first use. */
  public Meter meter(String stage) {
    return meters.computeIfAbsent(stage, name -> new Meter());
  }

  /**
   * Returns the pace that all copies of the job share; made at first use.
   *
   * @param bytesPerSecond how much is read in a second at most, by all of them together
   */
  synchronized RateLimiter pace(double bytesPerSecond) {
    RateLimiter shared = pace;
    if (shared == null) {
      shared = PacedStore.pace(bytesPerSecond);
      pace = shared;
    }
    return shared;
  }
}
