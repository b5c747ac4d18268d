package dev.stillhouse.storage.topology;

/**
 * A link as it was said to be, corrected by what reads over it take: moving averages of the share
 * by which the wait for the first byte and the rate differ. Short reads tell of the wait, long ones
 * of the rate. Safe for many threads.
 */
public final class LinkMeter {
  /** What the newest read weighs. */
  private static final double NEWEST = 0.2;

  /** One slow or fast read is no other link: shares beyond are cut. */
  private static final double MAX = 20;

  private final Link said;
  private double wait = 1;
  private double time = 1;

  public LinkMeter(Link said) {
    this.said = said;
  }

  /** The link as it was said to be. */
  public Link said() {
    return said;
  }

  /** The link as it seems to be. */
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

  /** Takes in what a read took. */
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
