package dev.stillhouse.storage.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Limits the number of requests that are sent at once; the others wait in their order. A request
 * that is cancelled while it waits is never sent.
 */
public final class InFlight {
  private final int max;
  private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
  private int running;

  public InFlight(int max) {
    this.max = max;
  }

  private record Waiting<T>(Supplier<CompletableFuture<T>> request, CompletableFuture<T> result) {}

  /** Returns the request's result. The request is sent when it has its turn. */
  public <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> request) {
    CompletableFuture<T> result = new CompletableFuture<>();
    synchronized (this) {
      waiting.add(new Waiting<>(request, result));
    }
    next();
    return result;
  }

  private void next() {
    Waiting<?> first;
    synchronized (this) {
      waiting.removeIf(request -> request.result.isDone());
      first = running < max ? waiting.poll() : null;
      if (first == null) {
        return;
      }
      running++;
    }
    start(first);
  }

  private <T> void start(Waiting<T> turn) {
    CompletableFuture<T> pending;
    try {
      pending = turn.request.get();
    } catch (Throwable e) {
      pending = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<T> sent = pending;
    var unused =
        sent.whenComplete(
            (value, error) -> {
              synchronized (this) {
                running--;
              }
              if (error == null) {
                turn.result.complete(value);
              } else {
                turn.result.completeExceptionally(StoreThreads.cause(error));
              }
              next();
            });
    Cancelling.pass(turn.result, sent);
  }
}
