package dev.stillhouse.storage.region;

import dev.stillhouse.storage.DataException;
import java.time.Duration;

/** A region did not answer in the time that it was given. It may be well a moment later. */
public final class LateCopyException extends DataException {
  private static final long serialVersionUID = 1;

  LateCopyException(String region, String key, Duration given) {
    super(key + " in region " + region + ": no answer within " + given.toMillis() + " ms");
  }
}
