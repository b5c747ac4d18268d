package dev.stillhouse.storage.fetch;

import java.util.List;

/**
 * Work on fetched bytes.
 *
 * @param <T> of its result
 */
public interface FetchTask<T> {
  /** Returns what it reads; the same list at each call. */
  List<? extends FilePart> parts();

  /** Does the work. Runs once, on any thread. */
  T run(FetchedParts fetched);
}
