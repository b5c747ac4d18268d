package dev.stillhouse.bench;

import dev.stillhouse.storage.store.SideBySide;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Runs the same work on several threads at once. */
final class Parallel {
  private Parallel() {}

  /** Runs {@code work} with the numbers 0 .. threads - 1, and waits for all. */
  static void run(int threads, IntConsumer work) {
    if (threads == 1) {
      work.accept(0);
    } else {
      SideBySide.map(
          IntStream.range(0, threads).boxed().toList(),
          threads,
          number -> {
            work.accept(number);
            return number;
          });
    }
  }
}
