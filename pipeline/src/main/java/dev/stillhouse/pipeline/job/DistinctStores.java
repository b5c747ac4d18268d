package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.StoreName;

/** Checks that datasets do not lie one inside the other. */
public final class DistinctStores {
  private DistinctStores() {}

  /**
   * Refuses a place that is, holds, or lies in another.
   *
   * @param option that names it, as in "--to"
   * @param to its real name
   * @param what the other is, for people
   * @param place the other's real name
   */
  public static void apart(String option, StoreName to, String what, StoreName place) {
    if (to.equals(place)) {
      throw UsageException.of("%s %s is %s; choose another place", option, to, what);
    }
    if (to.liesIn(place) || place.liesIn(to)) {
      throw UsageException.of(
          "%s %s and %s at %s lie one inside the other; choose another place",
          option, to, what, place);
    }
  }

  /** Returns the real name of a store. */
  public static StoreName real(String name) {
    return StoreName.parse(name).real();
  }
}
