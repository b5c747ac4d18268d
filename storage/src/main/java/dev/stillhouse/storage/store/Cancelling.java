package dev.stillhouse.storage.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Cancels what was begun for a result that nobody wants any more. */
public final class Cancelling {
  private Cancelling() {}

  /** When {@code result} is cancelled, so is {@code begun}. */
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
