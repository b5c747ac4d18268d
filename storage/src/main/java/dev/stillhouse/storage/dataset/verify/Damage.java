package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;

/**
 * A copy of a blob that {@code verify} found wrong.
 *
 * @param blob key of the blob; {@code *} for all blobs of an unavailable region
 * @param region where this copy lies
 * @param reason what was found and what must be
 * @param kind {@value #DAMAGED}, {@value #MISSING}, or why it was not reached: {@code unreachable},
 *     {@code late}, {@code refused}, {@code busy}
 */
public record Damage(String blob, String region, String reason, String kind) {
  private static final String DAMAGED = "damaged";
  private static final String MISSING = "missing";

  /** Creates a report of a damaged copy. */
  public Damage(String blob, String region, String reason) {
    this(blob, region, reason, DAMAGED);
  }

  /** Returns the damage that a failed read shows. */
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

  /**
   * Returns whether the copy is known to be wrong. If it is not, it may be right and is left alone.
   */
  public boolean known() {
    return kind.equals(DAMAGED) || kind.equals(MISSING);
  }

  /** Returns the same damage with more text in its reason. */
  Damage and(String more) {
    return new Damage(blob, region, reason + more, kind);
  }
}
