package dev.stillhouse.storage.store;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import java.util.List;

/** No region has a right copy of a blob, as far as can be told now: each says why. */
public final class UnreadableBlobException extends DataException {
  private static final long serialVersionUID = 1;

  private final ImmutableList<String> regions;
  private final boolean notReached;

  public UnreadableBlobException(String key, List<Failure> failures) {
    super(message(key, failures), failures.isEmpty() ? null : failures.get(0).reason());
    this.notReached = failures.stream().anyMatch(f -> NotReachedException.isIn(f.reason()));
    this.regions =
        failures.stream().map(f -> f.replica().region()).collect(ImmutableList.toImmutableList());
  }

  /** A replica that did not serve, and why. */
  public record Failure(BlobStore replica, DataException reason) {
    /** A region that is not there is said to be so, rather than to lack this one blob. */
    public String message() {
      String why =
          reason instanceof MissingBlobException
              ? replica.unavailableReason().orElse(reason.getMessage())
              : reason.getMessage();
      return replica.region() + ": " + why;
    }
  }

  /** Whether one of the regions was not reached, so that it may have a right copy. */
  boolean notReached() {
    return notReached;
  }

  private static String message(String key, List<Failure> failures) {
    StringBuilder message = new StringBuilder("no region has a right copy of " + key + "; tried:");
    failures.forEach(failure -> message.append("\n  ").append(failure.message()));
    return message.toString();
  }

  /** The regions that were tried, in that order. */
  public ImmutableList<String> regions() {
    return regions;
  }
}
