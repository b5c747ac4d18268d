package dev.stillhouse.storage.replica.hedge;

/**
 * Keeps reads away from a region that does not answer. It opens after some failures without a
 * success between them. While it is open one read at a time may probe the region, after a pause
 * that doubles with each probe that fails. Any success closes it.
 *
 * <p>A region that is silent brings no failure for a long time. So one late read at a time, a
 * scout, may be asked of another region as well although the budget is empty; if it is answered
 * there before this region has said anything, the breaker opens.
 */
public final class RegionBreaker {
  static final int FAILURES = 3;
  static final long FIRST_PAUSE = 1_000_000_000L;
  static final long MAX_PAUSE = 60_000_000_000L;

  private int failures;
  private boolean open;
  private boolean probing;
  private long pause = FIRST_PAUSE;
  private long probeAt;
  private boolean scouting;
  private long scoutAt = Long.MIN_VALUE;
  private long answeredAt = Long.MIN_VALUE;

  /** What a region may be asked. */
  public enum Pass {
    /** Anything. */
    CLOSED,
    /** This one read, as a probe. */
    PROBE,
    /** Nothing, as long as another region is left. */
    OPEN
  }

  /** Returns what the next read may ask, and counts nothing. */
  public Pass look(long now) {
    if (!open) {
      return Pass.CLOSED;
    }
    return probing || now - probeAt < 0 ? Pass.OPEN : Pass.PROBE;
  }

  /** Returns what this read may ask. If it is the probe, it must say how that ended. */
  public Pass enter(long now) {
    Pass pass = look(now);
    probing |= pass == Pass.PROBE;
    return pass;
  }

  /**
   * Returns whether a late read may scout, and counts it as the scout if so.
   *
   * @param since when the read was sent: a region that has answered since is not silent
   */
  public boolean enterScout(long since, long now) {
    if (open || scouting || answeredAt > since || now < scoutAt) {
      return false;
    }
    scouting = true;
    return true;
  }

  /**
   * Records how a scout ended.
   *
   * @param answered whether the other region was faster
   */
  public void scouted(long since, boolean answered, long now) {
    scouting = false;
    scoutAt = now + FIRST_PAUSE;
    if (answered && answeredAt <= since && !open) {
      open = true;
      probeAt = now + pause;
    }
  }

  /** Records an answer. */
  public void succeeded(long now) {
    answeredAt = now;
    failures = 0;
    open = false;
    probing = false;
    pause = FIRST_PAUSE;
  }

  /**
   * Records that the region was not reached, or was overtaken by another one that was asked later.
   *
   * @param probe whether that read was the probe
   */
  public void failed(long now, boolean probe) {
    failures++;
    if (probe && probing) {
      probing = false;
      pause = Math.min(MAX_PAUSE, 2 * pause);
      probeAt = now + pause;
    } else if (!open && failures >= FAILURES) {
      open = true;
      probeAt = now + pause;
    }
  }

  /** Records that a read ended without a word of the region. */
  public void abandoned(boolean probe) {
    if (probe) {
      probing = false;
    }
  }
}
