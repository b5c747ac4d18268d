package dev.stillhouse.bench.links;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.store.Timers.Timer;
import dev.stillhouse.storage.topology.Link;

/**
 * A link in virtual time. A request takes
 *
 * <pre>
 * factor x (round trip + first byte x wait), then bytes at min(rate of a request / factor, its share)
 * </pre>
 *
 * where shares are fair among the requests of the link and of the machine, and {@link LinkFaults}
 * draws factor and wait.
 */
public final class EmulatedLink {
  private final EmulatedNetwork network;
  private final Link link;
  private final LinkFaults faults;
  private final Crossings crossings = new Crossings();
  final FairShares.Capacity capacity = new FairShares.Capacity();

  /** Creates a link with the figures of a topology. */
  public EmulatedLink(EmulatedNetwork network, Link link, LinkFaults faults) {
    this.network = network;
    this.link = link;
    this.faults = faults;
  }

  /** Returns the stated figures. */
  public Link stated() {
    return link;
  }

  /** Returns what has crossed. */
  public Crossings crossings() {
    return crossings;
  }

  EmulatedNetwork network() {
    return network;
  }

  String name() {
    return link.store();
  }

  Spell spell() {
    return faults.at(network.time().nanos());
  }

  /** Returns the nanoseconds until the spell changes. */
  long untilChange() {
    long now = network.time().nanos();
    long change = faults.nextChange(now);
    return change == Long.MAX_VALUE ? change : change - now;
  }

  /** Returns the max rate of a request now, bytes a second. */
  double requestRate() {
    return link.bytesPerSecond() * spell().rate();
  }

  /** Returns the max rate of all requests now, bytes a second. */
  double rate() {
    double factor = spell().rate();
    return factor == 0 ? 0 : link.machineBytesPerSecond() * factor;
  }

  /**
   * Sends a request, now. Called by the clock's thread.
   *
   * @param bytes length of the right answer
   */
  public Transfer send(long bytes) {
    checkArgument(bytes >= 0, "EmulatedLink: bytes=%s", bytes);
    long number = crossings.requests();
    LinkFaults.Draw draw = faults.draw(number);
    Spell spell = spell();
    Transfer transfer =
        new Transfer(this, number, Math.max(0, bytes + draw.excess()), draw.factor());
    crossings.bookSent(spell.kind() == Spell.Kind.SLOW || spell.kind() == Spell.Kind.ONE_WAY);
    network.note(transfer, "sent for " + bytes + " bytes");
    if (spell.kind() == Spell.Kind.REFUSED) {
      transfer.wait = after(link.roundTripSeconds(), transfer::fail);
    } else if (!spell.losesAnswers()) {
      double wait = link.roundTripSeconds() + link.firstByteSeconds() * draw.waits();
      transfer.wait = after(wait * draw.factor() * spell.waits(), () -> firstByte(transfer));
    }
    return transfer;
  }

  private Timer after(double seconds, Runnable task) {
    return network.time().after(VirtualTime.nanos(seconds), task);
  }

  private void firstByte(Transfer transfer) {
    Spell spell = spell();
    if (spell.kind() == Spell.Kind.REFUSED) {
      transfer.fail();
    } else if (spell.losesAnswers()) { // It is on its way, and comes when the link is back.
      if (spell.until() < Long.MAX_VALUE) {
        long until = spell.until() - network.time().nanos();
        transfer.wait = network.time().after(until, () -> firstByte(transfer));
      }
    } else {
      network.note(transfer, "first byte");
      network.add(transfer);
    }
  }
}
