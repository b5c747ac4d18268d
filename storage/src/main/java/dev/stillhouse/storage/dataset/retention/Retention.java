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
 * Which versions of a dataset stay: the newest {@code keep}, those with a pin that has not expired,
 * and each that was the newest less than {@code grace} ago, because a reader that opened it then
 * may still read it. Times in the future, by another machine's clock, count as recent.
 *
 * @param keep number of newest versions that stay; {@link #ALL} removes none
 * @param grace age below which everything stays: 0 or more
 */
public record Retention(int keep, Duration grace) {
  /** Every version stays. */
  public static final int ALL = Integer.MAX_VALUE;

  /** The default of {@link #grace}. */
  public static final Duration DAY = Duration.ofHours(24);

  public Retention {
    if (keep < 1 || grace.isNegative()) {
      throw UsageException.of(
          "keep %d versions, grace %s: the newest version always stays, and no time is negative",
          keep, grace);
    }
  }

  /** Returns whether a time is longer ago than the grace time. */
  boolean past(Instant written, Instant now) {
    return Duration.between(written, now).compareTo(grace) > 0;
  }

  /**
   * Returns the versions to remove.
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
