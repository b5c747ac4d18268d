package dev.stillhouse.storage.replica.hedge;

/**
 * What may be asked for a second time: a share of the requests and of the bytes that are read. Both
 * are saved up to a bound, so that a long quiet time allows no storm. Where second requests do not
 * win they cost more, so that they stop when all regions are slow alike.
 */
public final class HedgeBudget {
  /** Bytes that may be asked for twice before anything was read. */
  static final long FIRST_BYTES = 1 << 20;

  /** Weight by which the largest read is forgotten. */
  private static final double FORGET = 0.99;

  /** Share of second requests that must win for them to cost no more. */
  private static final double WORTHWHILE = 0.25;

  /** Max price of a request, if none has won of late. */
  private static final double MAX_PRICE = 4;

  /** Weight of the newest second request. */
  private static final double NEWEST = 1.0 / 8;

  private final double share;
  private final double burst;
  private double requests;
  private double bytes;
  private double largest;
  private double wins = 1;

  /**
   * Creates a budget that allows one small request.
   *
   * @param share of what is read, 0 to 1
   * @param burst max requests that are saved up
   */
  public HedgeBudget(double share, double burst) {
    this.share = share;
    this.burst = burst;
    this.requests = Math.min(1, burst);
    this.bytes = burst > 0 ? FIRST_BYTES : 0;
  }

  /** Adds the share of a read. */
  public void earn(long length) {
    largest = Math.max((double) length, largest * FORGET);
    requests = Math.min(Math.max(requests, burst), requests + share);
    double max = Math.max(FIRST_BYTES, burst * largest);
    bytes = Math.min(Math.max(bytes, max), bytes + share * length);
  }

  /** Takes a request of some bytes; returns false, and takes nothing, if that is too much. */
  public boolean take(long length) {
    double price = Math.min(MAX_PRICE, Math.max(1, WORTHWHILE / wins));
    if (requests < price || bytes < length) {
      return false;
    }
    requests -= price;
    bytes -= length;
    return true;
  }

  /** Records whether a second request came first. */
  public void settle(boolean won) {
    wins += NEWEST * ((won ? 1 : 0) - wins);
  }

  /** Gives back bytes that were taken and have not crossed. */
  public void giveBack(long length) {
    bytes += length;
  }

  /** Returns the requests that may be sent now. */
  public double requests() {
    return requests;
  }

  /** Returns the bytes that may be asked for now. */
  public double bytes() {
    return bytes;
  }
}
