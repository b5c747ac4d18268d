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
 * What all parts of one job share in this JVM: the ledger of its plan, its DoFns and its commit,
 * the meter of each stage, the pace of its copies, and its teachers. Parts find it by the job's id,
 * which travels with the plan.
 *
 * <p>A process that runs a job begins the context, and closes it with the job. A DoFn joins it and
 * leaves it. A worker of a remote runner has no such process: there the first DoFn that joins makes
 * the context, and the last that leaves removes it. Such a worker has a ledger of its own, which is
 * not added to the job's.
 */
public final class JobContext implements AutoCloseable {
  /** The contexts of this JVM, by job; guards their counts of users. */
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

  /** Begins a job with a new id. */
  public static JobContext begin() {
    synchronized (OPEN) {
      JobContext context = new JobContext(UUID.randomUUID().toString());
      context.begun = true;
      OPEN.put(context.job, context);
      return context;
    }
  }

  /** Joins a job. The caller must {@link #leave}. */
  public static JobContext join(String job) {
    synchronized (OPEN) {
      JobContext context = OPEN.computeIfAbsent(job, JobContext::new);
      context.joined++;
      return context;
    }
  }

  /** Leaves the job. On a remote worker the context ends with the last user that leaves. */
  public void leave() {
    synchronized (OPEN) {
      joined--;
      if (joined == 0 && !begun) {
        OPEN.remove(job, this);
      }
    }
  }

  /** Ends the job. DoFns that still use it may go on until they leave. */
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

  /** Returns the meter of a stage, made on first use. */
  public Meter meter(String stage) {
    return meters.computeIfAbsent(stage, name -> new Meter());
  }

  /**
   * Returns the pace that all copies of the job share, made on first use.
   *
   * @param bytesPerSecond max bytes that all of them read in a second
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
