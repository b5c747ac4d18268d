package dev.stillhouse.pipeline.teacher.ahead;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.storage.DataException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** The threads in which a teacher is asked; they begin with a call. */
final class TeacherThread implements AutoCloseable {
  private static final ThreadFactory THREADS =
      new ThreadFactoryBuilder().setNameFormat("stillhouse-teacher-%d").setDaemon(true).build();

  private final ExecutorService executor;

  private TeacherThread(ExecutorService executor) {
    this.executor = executor;
  }

  /** Returns a thread that makes its calls one after another. */
  static TeacherThread one() {
    return new TeacherThread(Executors.newSingleThreadExecutor(THREADS));
  }

  /** Returns a thread for each call that is under way. */
  static TeacherThread many() {
    return new TeacherThread(Executors.newCachedThreadPool(THREADS));
  }

  /** Runs a call in a thread. */
  void run(Runnable question) {
    executor.execute(question);
  }

  <T> Future<T> ask(Callable<T> question) {
    return executor.submit(question);
  }

  /** Keeps the interrupt, and returns an error that names the wait. */
  static DataException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DataException("interrupted while waiting for the teacher", e);
  }

  /** Interrupts the running calls. When this returns no thread uses the teacher any more. */
  @Override
  public void close() {
    executor.shutdownNow();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
  }
}
