package dev.stillhouse.bench.links;

import dev.stillhouse.storage.store.Timers.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of one reader's machine. Their rates change only when one begins or ends, or a
 * spell of a link does; between these events each byte's time follows in closed form.
 */
public final class EmulatedNetwork {
  private final VirtualTime time;
  private final FairShares shares;
  private final List<Transfer> moving = new ArrayList<>();
  private long shared;
  private @Nullable Timer next;
  private boolean due;
  private @Nullable Consumer<String> trace;

  /** Creates a network of links that share nothing. */
  public EmulatedNetwork(VirtualTime time) {
    this(time, Double.POSITIVE_INFINITY);
  }

  /**
   * Creates a network of a machine.
   *
   * @param bytesPerSecond max rate of all links together
   */
  public EmulatedNetwork(VirtualTime time, double bytesPerSecond) {
    this.time = time;
    this.shares = new FairShares(bytesPerSecond);
  }

  /** Returns the clock. */
  public VirtualTime time() {
    return time;
  }

  /** Sends a line for each event: seconds, region, number of the request, what happened. */
  public void trace(Consumer<String> lines) {
    trace = lines;
  }

  void note(Transfer transfer, String what) {
    if (trace != null) {
      trace.accept(
          String.format(
              Locale.ROOT,
              "%.9f %s %d %s",
              time.seconds(),
              transfer.link.name(),
              transfer.number,
              what));
    }
  }

  /** Returns the seconds since the rates were set. */
  double sinceShared() {
    return (time.nanos() - shared) / 1e9;
  }

  /** Adds a transfer whose first byte is there. */
  void add(Transfer transfer) {
    transfer.rate = 0;
    advance();
    moving.add(transfer);
    share();
  }

  void remove(Transfer transfer) {
    if (moving.remove(transfer)) {
      share();
    }
  }

  /** Sets the rates anew when all that happens now has happened. */
  private void share() {
    if (!due) {
      due = true;
      Timer unused = time.after(0, this::settle);
    }
  }

  private void advance() {
    double seconds = sinceShared();
    shared = time.nanos();
    if (seconds > 0) {
      moving.forEach(transfer -> transfer.remaining -= transfer.rate * seconds);
    }
  }

  private void settle() {
    due = false;
    if (next != null) {
      next.cancel();
      next = null;
    }
    advance();
    for (Transfer transfer : List.copyOf(moving)) {
      if (transfer.isComplete()) {
        transfer.complete();
      } else if (transfer.link.spell().kind() == Spell.Kind.REFUSED) {
        transfer.fail();
      }
    }
    if (due) {
      return; // It comes again at this very time, without those that have ended.
    }
    shares.set(moving);
    long change = Long.MAX_VALUE;
    for (Transfer transfer : moving) {
      if (transfer.rate > 0) {
        change = Math.min(change, VirtualTime.nanos(transfer.remaining / transfer.rate));
      }
      change = Math.min(change, transfer.link.untilChange());
    }
    next = change == Long.MAX_VALUE ? null : time.after(change, this::settle);
  }
}
