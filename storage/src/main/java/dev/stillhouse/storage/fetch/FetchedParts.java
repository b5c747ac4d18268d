package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.replica.FetchedRange;
import java.util.List;
import java.util.Optional;

/** The bytes of a task's parts. */
@FunctionalInterface
public interface FetchedParts {
  /** No part was fetched: the task reads all of them itself. */
  FetchedParts NONE = part -> Optional.empty();

  /**
   * Returns the bytes of the ranges of a part, in their order, unchecked. Empty if they could not
   * be fetched, or not all: the task then reads the part itself, and meets the error, if any.
   *
   * @param part its place among the task's parts, from 0
   */
  Optional<List<FetchedRange>> of(int part);
}
