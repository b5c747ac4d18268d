package dev.stillhouse.storage.topology;

import java.util.function.LongSupplier;

/**
 * Corrects a link's stated figures by measured reads: moving averages of the ratios of the wait for
 * the first byte and of the rate. Short reads measure the wait, long ones the rate. The averages
 * are geometric, and a read counts as at most twice as slow or fast as was expected, so that one
 * slow request does not make another link. What was measured is forgotten, since a link that is
 * read no more may have become better. {@code bench links} compares the choices. Safe for many
 * threads.
 */
public final class LinkMeter {
  /** Weight of the newest read. */
  private static final double NEWEST = 0.3;

  /** Max ratio of a read's figure to the average. */
  private static final double MAX = 2;

  /** After this time without a read the logarithm of a ratio has fallen to 1/e. */
  private static final double MEMORY_NANOS = 30e9;

  private final Link said;
  private final LongSupplier nanos;
  private double wait = 1;
  private double time = 1;
  private long last;

  /** Creates a meter in real time. */
  public LinkMeter(Link said) {
    this(said, System::nanoTime);
  }

  /**
   * Creates a meter with another clock.
   *
   * @param nanos the time in nanoseconds
   */
  public LinkMeter(Link said, LongSupplier nanos) {
    this.said = said;
    this.nanos = nanos;
    this.last = nanos.getAsLong();
  }

  /** Returns the link with its stated figures. */
  public Link said() {
    return said;
  }

  /** Returns the link with corrected figures. */
  public synchronized Link link() {
    forget();
    return new Link(
        said.reader(),
        said.store(),
        said.roundTripSeconds() * wait,
        said.firstByteSeconds() * wait,
        said.bytesPerSecond() / time,
        said.machineBytesPerSecond() / time,
        said.dollarsPerByte(),
        said.dollarsPerRequest());
  }

  /** Adds a measured read. */
  public synchronized void observe(ReadPlan plan, int inFlight, double seconds) {
    forget();
    double waiting = said.roundTripSeconds() + said.firstByteSeconds();
    double expected = plan.seconds(said, inFlight);
    double moving = Math.max(expected - waiting, 0);
    if (moving < waiting) {
      wait = moved(wait, (seconds - moving * time) / waiting);
    } else if (moving > 0) {
      time = moved(time, (seconds - waiting * wait) / moving);
    }
  }

  private void forget() {
    long now = nanos.getAsLong();
    double kept = Math.exp(-Math.max(0, now - last) / MEMORY_NANOS);
    wait = Math.pow(wait, kept);
    time = Math.pow(time, kept);
    last = now;
  }

  private static double moved(double average, double ratio) {
    double cut = Math.max(1 / MAX, Math.min(MAX, ratio / average));
    return average * Math.pow(cut, NEWEST);
  }
}
