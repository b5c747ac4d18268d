package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;

/**
 * A copy that {@code verify} did not find right.
 *
 * @param blob key of the blob; {@code *} for all blobs of a region that is not there
 * @param region where this copy lies
 * @param reason what was found and what must be
 * @param kind {@value #DAMAGED}, {@value #MISSING}, or why it was not reached: {@code unreachable},
 *     {@code late}, {@code refused}, {@code busy}
 */
public record Damage(String blob, String region, String reason, String kind) {
  private static final String DAMAGED = "damaged";
  private static final String MISSING = "missing";

  /** A copy that is damaged. */
  public Damage(String blob, String region, String reason) {
    this(blob, region, reason, DAMAGED);
  }

  /** What a failure says of a copy. */
  public static Damage of(String blob, String region, DataException failure) {
    String kind = DAMAGED;
    if (failure instanceof MissingBlobException) {
      kind = MISSING;
    } else if (failure instanceof NotReachedException e) {
      kind = e.why().word();
    } else if (NotReachedException.isIn(failure)) {
      kind = NotReachedException.Why.UNREACHABLE.word();
    }
    return new Damage(blob, region, failure.getMessage(), kind);
  }

  /** Whether it is known that the copy is not right; else it may be, and must be left alone. */
  public boolean known() {
    return kind.equals(DAMAGED) || kind.equals(MISSING);
  }

  /** The same with more said. */
  Damage and(String more) {
    return new Damage(blob, region, reason + more, kind);
  }
}
