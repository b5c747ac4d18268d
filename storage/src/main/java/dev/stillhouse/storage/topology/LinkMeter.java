package dev.stillhouse.storage.topology;

/**
 * Corrects a link's stated figures by measured reads: moving averages of the ratios of the wait for
 * the first byte and of the rate. Short reads measure the wait, long ones the rate. Safe for many
 * threads.
 */
public final class LinkMeter {
  /** Weight of the newest read. */
  private static final double NEWEST = 0.2;

  /** Max ratio: one slow or fast read does not make another link. */
  private static final double MAX = 20;

  private final Link said;
  private double wait = 1;
  private double time = 1;

  public LinkMeter(Link said) {
    this.said = said;
  }

  /** Returns the link with its stated figures. */
  public Link said() {
    return said;
  }

  /** Returns the link with corrected figures. */
  public synchronized Link link() {
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
    double waiting = said.roundTripSeconds() + said.firstByteSeconds();
    double expected = plan.seconds(said, inFlight);
    double moving = Math.max(expected - waiting, 0);
    if (moving < waiting) {
      wait = moved(wait, (seconds - moving * time) / waiting);
    } else {
      time = moved(time, (seconds - waiting * wait) / moving);
    }
  }

  private static double moved(double average, double share) {
    double cut = Math.max(1 / MAX, Math.min(MAX, share));
    return average + NEWEST * (cut - average);
  }
}
