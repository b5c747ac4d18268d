package dev.stillhouse.storage.dataset.retention;

import com.google.common.collect.ImmutableSortedSet;
import dev.stillhouse.storage.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Which versions of a dataset stay: the newest {@code keep}, those under a lease that has not
 * expired, and each that was the newest less than {@code grace} ago, since who opened it then may
 * still read it. Times that lie ahead, by another machine's clock, are recent.
 *
 * @param keep how many of the newest; {@link #ALL} removes none
 * @param grace what is younger stays: 0 or more
 */
public record Retention(int keep, Duration grace) {
  /** Every version stays. */
  public static final int ALL = Integer.MAX_VALUE;

  /** The grace that is given if nobody says another. */
  public static final Duration DAY = Duration.ofHours(24);

  public Retention {
    if (keep < 1 || grace.isNegative()) {
      throw UsageException.of(
          "keep %d versions, grace %s: the newest version always stays, and no time is negative",
          keep, grace);
    }
  }

  /** Whether what was written then is older than the grace time. */
  boolean past(Instant written, Instant now) {
    return Duration.between(written, now).compareTo(grace) > 0;
  }

  /**
   * The versions that go.
   *
   * @param written when each version was put
   */
  ImmutableSortedSet<Long> superseded(
      SortedMap<Long, Instant> written, Collection<Pin> pins, Instant now) {
    Set<Long> held =
        pins.stream()
            .filter(pin -> pin.end().isAfter(now))
            .map(Pin::version)
            .collect(Collectors.toSet());
    List<Long> versions = List.copyOf(written.keySet());
    ImmutableSortedSet.Builder<Long> go = ImmutableSortedSet.naturalOrder();
    for (int i = 0; i < versions.size() - keep; i++) {
      Instant next = written.getOrDefault(versions.get(i + 1), now);
      if (!held.contains(versions.get(i)) && past(next, now)) {
        go.add(versions.get(i));
      }
    }
    return go.build();
  }
}
