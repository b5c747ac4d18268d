package dev.stillhouse.storage.store;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does blocking work at the same time, in daemon threads of its own. A parallel stream would use
 * the common pool, where it can hold up the very answers that it waits for.
 */
public final class SideBySide {
  /** Threads at a time. Waiting takes no core, so there are some on any machine. */
  private static final int AT_ONCE = Math.max(4, Runtime.getRuntime().availableProcessors());

  private SideBySide() {}

  /**
   * Applies {@code work} to each item, to at most {@code max(4, cores)} at once.
   *
   * <p>What one call throws is thrown here at once, and the others are interrupted. Interrupting
   * the caller interrupts all of them.
   *
   * @return results in the order of the items
   */
  public static <A, B> List<B> map(Collection<A> items, Function<A, B> work) {
    return map(items, AT_ONCE, work);
  }

  /**
   * Applies {@code work} to each item, as {@link #map(Collection, Function)} does.
   *
   * @param max items at once
   */
  public static <A, B> List<B> map(Collection<A> items, int max, Function<A, B> work) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(max, items.size())),
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("side-%d").build());
    ExecutorCompletionService<B> done = new ExecutorCompletionService<>(threads);
    try {
      List<Future<B>> results = new ArrayList<>();
      items.forEach(item -> results.add(done.submit(() -> work.apply(item))));
      for (int i = 0; i < results.size(); i++) {
        done.take().get(); // In the order in which they end: an error is not kept waiting.
      }
      List<B> values = new ArrayList<>();
      for (Future<B> result : results) {
        values.add(Futures.getDone(result));
      }
      return values;
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(e.getCause() == null ? e : e.getCause());
      throw new IllegalStateException(e); // A function throws nothing else.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
