package dev.stillhouse.storage.fetch;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws tasks in their order. An error of the caller's iterator is the last task's.
 *
 * @param <T> of a result
 */
final class TaskSource<T> {
  private final Iterator<? extends FetchTask<T>> tasks;
  private long number;
  private boolean failed;

  TaskSource(Iterator<? extends FetchTask<T>> tasks) {
    this.tasks = tasks;
  }

  /** Stands for a task that could not be drawn. */
  private record NoTask<T>() implements FetchTask<T> {
    @Override
    public List<FilePart> parts() {
      return List.of();
    }

    @Override
    public T run(FetchedParts fetched) {
      throw new IllegalStateException("there is no such task");
    }
  }

  /** Returns the next task; one that is done if it could not be drawn; null after the last. */
  @Nullable WindowTask<T> next() {
    try {
      return failed || !tasks.hasNext() ? null : new WindowTask<>(number++, tasks.next());
    } catch (RuntimeException | Error e) {
      failed = true;
      WindowTask<T> none = new WindowTask<>(number, new NoTask<>());
      none.fail(e);
      return none;
    }
  }
}
