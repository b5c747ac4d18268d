package dev.stillhouse.pipeline.teacher.ahead;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.storage.DataException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** The thread in which a teacher is asked, begun with the first question. */
final class TeacherThread implements AutoCloseable {
  private static final ThreadFactory THREADS =
      new ThreadFactoryBuilder().setNameFormat("stillhouse-teacher-%d").setDaemon(true).build();

  private final ExecutorService executor = Executors.newSingleThreadExecutor(THREADS);

  /** Runs what throws nothing. */
  void run(Runnable question) {
    executor.execute(question);
  }

  <T> Future<T> ask(Callable<T> question) {
    return executor.submit(question);
  }

  /** Keeps the interrupt, and says what was waited for. */
  static DataException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new DataException("interrupted while waiting for the teacher", e);
  }

  /** Interrupts what is asked; when this returns nobody uses the teacher from here any more. */
  @Override
  public void close() {
    executor.shutdownNow();
    Uninterruptibles.awaitTerminationUninterruptibly(executor);
  }
}
