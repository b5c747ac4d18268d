package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a dataset that is verified, and mended, in one piece and in all regions. */
public abstract class VerifiedPart {
  private final long positions;

  VerifiedPart(long positions) {
    this.positions = positions;
  }

  /**
   * What was found.
   *
   * @param damaged all that was wrong
   * @param left what still is: all of it, or what could not be repaired and why
   */
  public record Result(List<Damage> damaged, List<Damage> left) {
    public Result {
      damaged = List.copyOf(damaged);
      left = List.copyOf(left);
    }
  }

  /** Positions of the shard, if the part is one: how much work it is. */
  public long positions() {
    return positions;
  }

  /** All that is wrong; empty when nothing is. */
  public abstract List<Damage> verify();

  /** Why nothing is done to a copy that could not be asked. */
  String unasked(Damage damage) {
    return "it could not be read, so it is left alone";
  }

  /** Puts a right copy in the place of this one; throws a DataException that says why not. */
  abstract void mend(Damage damage);

  /** Verifies, mends what is damaged where another region has a right copy, and verifies again. */
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
