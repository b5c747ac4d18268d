package dev.stillhouse.pipeline.teacher.ahead;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.Waits;
import java.util.Locale;
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

  /** Begins to wait for what a teacher says of a batch, until it is closed. */
  static Waits.Wait waitFor(Teacher teacher, TokenBatch batch) {
    return Waits.OF_PROCESS.on(
        String.format(
            Locale.ROOT,
            "the teacher %s, asked about sequences %d to %d",
            teacher.fingerprint(),
            batch.firstSequence(),
            batch.firstSequence() + batch.sequences() - 1));
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
