package dev.stillhouse.storage.replica;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.storage.DataException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads ahead: a number of reads are running or finished before they are taken. Results come in the
 * order of the reads, and a read's error comes in its place. Memory is the results of that many
 * reads. For one consumer.
 *
 * @param <T> result of a read
 */
public final class ReadAhead<T> implements Iterator<T>, AutoCloseable {
  private final Iterator<? extends Callable<T>> reads;
  private final int max;
  private final ExecutorService threads;
  private final Deque<Future<T>> ahead = new ArrayDeque<>();

  /**
   * Begins to read.
   *
   * @param reads in their order; the next one is asked for on the consumer's thread
   * @param max number of reads that are running or finished, 1 or more
   */
  public ReadAhead(Iterator<? extends Callable<T>> reads, int max) {
    checkArgument(max >= 1, "ReadAhead: %s reads, need 1 or more", max);
    this.reads = reads;
    this.max = max;
    this.threads =
        Executors.newFixedThreadPool(
            max, new ThreadFactoryBuilder().setDaemon(true).setNameFormat("read-%d").build());
    fill();
  }

  private void fill() {
    while (ahead.size() < max && reads.hasNext()) {
      ahead.add(threads.submit(reads.next()));
    }
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty();
  }

  @Override
  public T next() {
    Future<T> first = ahead.poll();
    if (first == null) {
      throw new NoSuchElementException("everything was read");
    }
    try {
      T read = first.get();
      fill();
      return read;
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(e.getCause() == null ? e : e.getCause());
      throw new DataException("cannot read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while reading", e);
    }
  }

  /** Ends the running reads. */
  @Override
  public void close() {
    ahead.forEach(read -> read.cancel(true));
    threads.shutdownNow();
  }
}
