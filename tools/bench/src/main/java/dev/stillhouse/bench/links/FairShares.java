package dev.stillhouse.bench.links;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Shares rates by max-min fairness: all transfers grow alike until one reaches its own limit, or a
 * link or the machine is full; the others go on growing.
 */
final class FairShares {
  private final double machine;

  /**
   * Creates the shares of a machine.
   *
   * @param machine max bytes a second of all links together; may be infinite
   */
  FairShares(double machine) {
    this.machine = machine;
  }

  /** What is left of a rate, and the transfers that still grow within it. */
  static final class Capacity {
    private double free;
    private int open;
    private boolean full;

    private void reset(double rate) {
      free = rate;
      open = 0;
    }

    private double share() {
      return open == 0 ? Double.POSITIVE_INFINITY : free / open;
    }

    private void close(double rate) {
      free = Math.max(0, free - rate);
      open--;
    }
  }

  /** Sets the rate of each transfer, from its limit and those of the links. */
  void set(List<Transfer> moving) {
    Capacity all = new Capacity();
    all.reset(machine);
    Set<EmulatedLink> links = new LinkedHashSet<>();
    for (Transfer transfer : moving) {
      if (links.add(transfer.link)) {
        transfer.link.capacity.reset(transfer.link.rate());
      }
      transfer.rate = -1;
      transfer.limit = transfer.link.requestRate() / transfer.factor;
      transfer.link.capacity.open++;
      all.open++;
    }
    while (all.open > 0) {
      double level = all.share();
      for (EmulatedLink link : links) {
        level = Math.min(level, link.capacity.share());
      }
      for (Transfer transfer : moving) {
        level = transfer.rate < 0 ? Math.min(level, transfer.limit) : level;
      }
      all.full = all.share() <= level;
      for (EmulatedLink link : links) {
        link.capacity.full = all.full || link.capacity.share() <= level;
      }
      close(moving, all, level);
    }
  }

  /** Closes the transfers that cannot grow beyond a level. */
  private static void close(List<Transfer> moving, Capacity all, double level) {
    for (Transfer transfer : moving) {
      Capacity link = transfer.link.capacity;
      if (transfer.rate < 0 && (link.full || transfer.limit <= level)) {
        transfer.rate = level;
        all.close(level);
        link.close(level);
      }
    }
  }
}
