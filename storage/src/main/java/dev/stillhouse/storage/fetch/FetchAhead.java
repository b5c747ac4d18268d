package dev.stillhouse.storage.fetch;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.FetchedRange;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what tasks will read, runs them when their bytes are there, and gives their results in
 * the order of the tasks. A task's error comes in its place. For one consumer.
 *
 * <p>Everything happens in {@link #plan}, after each event (an answer, a footer, a result that was
 * taken), under one lock and without waiting.
 *
 * @param <T> result of a task
 */
public final class FetchAhead<T> implements Iterator<T>, AutoCloseable {
  private final FetchWindow<T> window;
  private final FetchLimits limits;
  private final FlowControl flow;
  private final Timers timers;
  private final Executor cores;
  private final Runnable stopCores;
  private final Deque<WindowTask<T>> given = new ArrayDeque<>();
  private final AtomicInteger events = new AtomicInteger();
  private int underWay;
  private boolean closed;

  /** Begins to fetch, and to run tasks in as many threads as there are cores. */
  public FetchAhead(Iterator<? extends FetchTask<T>> tasks, FetchLimits limits) {
    this(tasks, limits, Timers.SYSTEM, threads());
  }

  private FetchAhead(
      Iterator<? extends FetchTask<T>> tasks,
      FetchLimits limits,
      Timers timers,
      ExecutorService cores) {
    this(tasks, limits, timers, cores, cores::shutdownNow);
  }

  /**
   * Begins to fetch.
   *
   * @param cores runs the tasks
   * @param stopCores is called when it is closed
   */
  public FetchAhead(
      Iterator<? extends FetchTask<T>> tasks,
      FetchLimits limits,
      Timers timers,
      Executor cores,
      Runnable stopCores) {
    this.window = new FetchWindow<>(tasks, limits);
    this.limits = limits;
    this.timers = timers;
    this.cores = cores;
    this.stopCores = stopCores;
    this.flow = new FlowControl(limits.requests(), FetchLimits.MAX_REQUESTS, timers.nanos());
    happened();
  }

  private static ExecutorService threads() {
    return Executors.newFixedThreadPool(
        Runtime.getRuntime().availableProcessors(),
        new ThreadFactoryBuilder().setDaemon(true).setNameFormat("decode-%d").build());
  }

  /** Plans until no event has come meanwhile. One thread plans; the others only count. */
  private void happened() {
    if (events.getAndIncrement() > 0) {
      return;
    }
    int seen;
    do {
      seen = events.get();
      try {
        plan().forEach(Runnable::run);
      } catch (RuntimeException | Error e) { // A mistake of ours must not leave who waits waiting.
        fail(e);
      }
    } while (events.addAndGet(-seen) > 0);
  }

  private synchronized void fail(Throwable error) {
    given.forEach(task -> task.result.completeExceptionally(error));
  }

  /** Returns what is to be done now, outside of the lock. */
  private synchronized List<Runnable> plan() {
    List<Runnable> next = new ArrayList<>();
    if (closed) {
      return next;
    }
    window.fill();
    for (WindowTask<T> drawn = window.drawn(); drawn != null; drawn = window.drawn()) {
      given.add(drawn);
    }
    for (WindowFile file : window.openable()) {
      next.add(() -> run(() -> open(file)));
    }
    while (underWay < flow.limit()) {
      Extent first = window.toSend();
      if (first == null) {
        break;
      }
      underWay++;
      next.add(() -> send(first));
    }
    int ahead = limits.results();
    for (WindowTask<T> task : given) {
      if (ahead-- == 0) {
        break;
      }
      if (task.state == WindowTask.State.ADMITTED && task.waiting == 0) {
        task.state = WindowTask.State.RUNNING;
        next.add(() -> run(() -> run(task)));
      }
    }
    return next;
  }

  private void run(Runnable work) {
    try {
      cores.execute(work);
    } catch (RejectedExecutionException e) {
      if (!isClosed()) {
        throw e;
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void send(Extent extent) {
    CompletableFuture<FetchedRange> request;
    try {
      request = extent.file.file.reader().fetch(extent.file.file.key(), extent.range);
    } catch (RuntimeException | Error e) {
      request = CompletableFuture.failedFuture(e);
    }
    boolean late;
    synchronized (this) {
      extent.request = request;
      late = closed;
    }
    if (late) {
      request.cancel(true);
    }
    var unused = request.whenComplete((fetched, error) -> answered(extent, fetched));
  }

  private void answered(Extent extent, @Nullable FetchedRange fetched) {
    synchronized (this) {
      underWay--;
      if (closed) {
        return;
      }
      long bytes = fetched == null ? 0 : fetched.bytes().remaining();
      flow.answered(timers.nanos(), bytes, window.sends());
      window.arrived(extent, fetched);
    }
    happened();
  }

  private void open(WindowFile file) {
    Optional<FetchedRange> footer;
    synchronized (this) {
      footer = file.bytes(file.file.footer());
    }
    boolean right = false;
    try {
      if (file.file.opened()) {
        right = true;
      } else if (footer.isPresent()) {
        file.file.open(footer.get().bytes().duplicate());
        right = true;
      }
    } catch (DamagedBlobException e) {
      file.file.reader().damaged(file.file.key(), List.of(footer.orElseThrow()), e);
    } catch (RuntimeException | Error e) {
      // The task that reads the file by itself meets this error again, in its place.
      right = false;
    }
    synchronized (this) {
      window.opened(file, right);
    }
    happened();
  }

  private void run(WindowTask<T> task) {
    T value = null;
    Throwable failure = null;
    try {
      value = task.task.run(part -> bytes(task.parts.get(part)));
    } catch (Throwable e) { // Errors too: who waits must hear of them.
      failure = e;
    }
    synchronized (this) {
      if (!closed) {
        window.done(task);
      }
    }
    if (failure == null) {
      task.result.complete(value);
    } else {
      task.result.completeExceptionally(failure);
    }
    happened();
  }

  private synchronized Optional<List<FetchedRange>> bytes(WindowTask.Part part) {
    return window.bytes(part);
  }

  /** Returns the bytes that are held or under way. */
  public synchronized long bytes() {
    return window.bytes();
  }

  /** Returns the most bytes that were held or under way at a time. */
  public synchronized long peakBytes() {
    return window.peakBytes();
  }

  /** Returns whether {@link #next} gives a result without waiting. */
  public synchronized boolean ready() {
    WindowTask<T> first = given.peek();
    return first != null && first.result.isDone();
  }

  @Override
  public synchronized boolean hasNext() {
    return !given.isEmpty();
  }

  @Override
  public T next() {
    WindowTask<T> first;
    synchronized (this) {
      first = given.peek();
    }
    if (first == null) {
      throw new NoSuchElementException("everything was read");
    }
    try {
      T value = timers.await(first.result);
      synchronized (this) {
        given.remove();
      }
      happened();
      return value;
    } catch (ExecutionException e) {
      Throwable cause = StoreThreads.cause(e);
      Throwables.throwIfUnchecked(cause);
      throw new DataException("cannot read: " + cause, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while reading", e);
    }
  }

  /** Ends the requests that are under way, and the threads. */
  @Override
  public void close() {
    List<Extent> open;
    synchronized (this) {
      closed = true;
      open = window.clear();
    }
    for (Extent extent : open) {
      if (extent.request != null) {
        extent.request.cancel(true);
      }
    }
    stopCores.run();
  }
}
