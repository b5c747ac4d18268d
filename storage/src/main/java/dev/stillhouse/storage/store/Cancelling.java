package dev.stillhouse.storage.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Cancels work that was begun for a result when the result is cancelled. */
public final class Cancelling {
  private Cancelling() {}

  /** Cancels {@code begun} when {@code result} is cancelled. */
  public static void pass(CompletableFuture<?> result, Future<?> begun) {
    var unused =
        result.whenComplete(
            (value, error) -> {
              if (result.isCancelled()) {
                begun.cancel(true);
              }
            });
  }
}
