package dev.stillhouse.bench.links;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How a link is from one time to another.
 *
 * @param from nanoseconds of virtual time
 * @param until nanoseconds; {@link Long#MAX_VALUE} is without end
 * @param kind what becomes of requests
 * @param waits factor of the wait for the first byte, of requests that are sent meanwhile
 * @param rate factor of the rates, of each request and of all together; 0 stops every transfer
 */
public record Spell(long from, long until, Kind kind, double waits, double rate) {
  /** What becomes of requests. */
  public enum Kind {
    /** They are answered, by the factors. */
    SLOW,
    /** They are lost on the way: no answer, and nothing is charged. Transfers pause. */
    SILENT,
    /** They arrive and are charged, but the answers are lost. Transfers pause. */
    ONE_WAY,
    /** They are refused after a round trip. Transfers fail at once. */
    REFUSED
  }

  /** The link as it is stated. */
  public static final Spell CLEAR = new Spell(0, Long.MAX_VALUE, Kind.SLOW, 1, 1);

  public Spell {
    checkArgument(
        from <= until && waits > 0 && rate >= 0,
        "Spell: from=%s until=%s waits=%s rate=%s",
        from,
        until,
        waits,
        rate);
  }

  /** Returns a spell of slowness. */
  public static Spell slow(double from, double until, double waits, double rate) {
    return of(from, until, Kind.SLOW, waits, rate);
  }

  /** Returns a spell in which no answer comes. */
  public static Spell silent(double from, double until) {
    return of(from, until, Kind.SILENT, 1, 0);
  }

  /** Returns a spell in which requests arrive and no answer comes. */
  public static Spell oneWay(double from, double until) {
    return of(from, until, Kind.ONE_WAY, 1, 0);
  }

  /** Returns a spell in which requests fail. */
  public static Spell refused(double from, double until) {
    return of(from, until, Kind.REFUSED, 1, 0);
  }

  private static Spell of(double from, double until, Kind kind, double waits, double rate) {
    return new Spell(VirtualTime.nanos(from), VirtualTime.nanos(until), kind, waits, rate);
  }

  /** Returns whether requests that are sent now never get an answer. */
  boolean losesAnswers() {
    return kind == Kind.SILENT || kind == Kind.ONE_WAY;
  }
}
