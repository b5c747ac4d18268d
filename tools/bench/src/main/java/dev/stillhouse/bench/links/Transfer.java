package dev.stillhouse.bench.links;

import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import dev.stillhouse.storage.store.Timers.Timer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request over an emulated link, and its answer. Used by the clock's thread alone. */
public final class Transfer {
  /** Bytes below which nothing is missing: sums of doubles are not exact. */
  private static final double ROUNDING = 1e-4;

  final EmulatedLink link;
  final long number;
  private final long length;
  final double factor;
  private final CompletableFuture<Long> arrived = new CompletableFuture<>();
  double remaining;

  /** Bytes a second; set by {@link FairShares}. */
  double rate;

  /** Max rate, bytes a second. */
  double limit;

  @Nullable Timer wait;
  private boolean ended;

  Transfer(EmulatedLink link, long number, long length, double factor) {
    this.link = link;
    this.number = number;
    this.length = length;
    this.factor = factor;
    this.remaining = (double) length;
  }

  /** Returns the length of the answer, when all of it is there. */
  public CompletableFuture<Long> arrived() {
    return arrived;
  }

  /** Returns the bytes that have crossed until now. */
  public long crossed() {
    double moved = ended ? 0 : rate * link.network().sinceShared();
    return length - (long) Math.ceil(Math.max(0, remaining - moved - ROUNDING));
  }

  /** Returns whether the last byte is there: less is missing than moves in a nanosecond. */
  boolean isComplete() {
    return remaining <= Math.max(ROUNDING, rate * 1e-9);
  }

  /** Ends the request; what has crossed is booked. */
  public void cancel() {
    if (end("cancelled")) {
      link.crossings().bookCancelled(crossed());
      arrived.cancel(false);
    }
  }

  void complete() {
    remaining = 0;
    if (end("answered")) {
      link.crossings().bookAnswered(length);
      arrived.complete(length);
    }
  }

  void fail() {
    if (end("failed")) {
      link.crossings().bookFailed(crossed());
      arrived.completeExceptionally(
          new NotReachedException(
              Why.UNREACHABLE, "region " + link.name() + " refuses connections", null));
    }
  }

  /** Returns whether this is the end: there is only one. */
  private boolean end(String how) {
    if (ended) {
      return false;
    }
    remaining = Math.max(0, remaining - rate * link.network().sinceShared());
    ended = true;
    if (wait != null) {
      wait.cancel();
    }
    link.network().remove(this);
    link.network().note(this, how + " after " + crossed() + " bytes");
    return true;
  }
}
