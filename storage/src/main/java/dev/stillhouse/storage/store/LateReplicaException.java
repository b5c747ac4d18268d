package dev.stillhouse.storage.store;

import java.time.Duration;

/** Reports that a region did not answer in time. It may answer a moment later. */
public final class LateReplicaException extends NotReachedException {
  private static final long serialVersionUID = 1;

  public LateReplicaException(String region, String key, Duration given) {
    super(
        Why.LATE,
        key + " in region " + region + ": no answer within " + given.toMillis() + " ms",
        null);
  }
}
