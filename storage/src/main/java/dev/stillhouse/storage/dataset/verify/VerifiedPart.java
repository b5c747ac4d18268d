package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a dataset that is verified, and repaired, as a whole and in all regions. */
public abstract class VerifiedPart {
  private final long positions;

  VerifiedPart(long positions) {
    this.positions = positions;
  }

  /**
   * The result of a repair.
   *
   * @param damaged all that was wrong
   * @param left what still is, with why it could not be repaired
   */
  public record Result(List<Damage> damaged, List<Damage> left) {
    public Result {
      damaged = List.copyOf(damaged);
      left = List.copyOf(left);
    }
  }

  /** Returns the positions of the shard, as a measure of work; 0 for other parts. */
  public long positions() {
    return positions;
  }

  /** Returns all that is wrong; empty if nothing is. */
  public abstract List<Damage> verify();

  /** Returns why nothing is done to a copy that could not be read. */
  String unasked(Damage damage) {
    return "it could not be read, so it is left alone";
  }

  /**
   * Replaces this copy by a right one.
   *
   * @throws dev.stillhouse.storage.DataException if that is impossible; it says why
   */
  abstract void mend(Damage damage);

  /** Verifies, repairs damaged copies from right ones of other regions, and verifies again. */
  public Result repair() {
    List<Damage> damaged = verify();
    if (damaged.isEmpty()) {
      return new Result(damaged, damaged);
    }
    Map<String, String> failures = new LinkedHashMap<>();
    for (Damage damage : damaged) {
      if (!damage.known()) {
        continue; // It may be right.
      }
      try {
        mend(damage);
      } catch (DataException e) {
        failures.put(damage.region() + "/" + damage.blob(), e.getMessage());
      }
    }
    List<Damage> left = new ArrayList<>();
    for (Damage damage : verify()) {
      String why =
          failures.getOrDefault(
              damage.region() + "/" + damage.blob(),
              damage.known() ? "its bytes are those that were committed" : unasked(damage));
      left.add(damage.and("; not repaired: " + why));
    }
    return new Result(damaged, left);
  }
}
