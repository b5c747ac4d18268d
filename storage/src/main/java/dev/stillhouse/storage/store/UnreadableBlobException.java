package dev.stillhouse.storage.store;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import java.util.List;

/**
 * Reports that no region has a right copy of a blob, as far as is known, with each region's reason.
 */
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
    /**
     * Returns the reason. An unavailable region is reported as such, rather than as lacking this
     * one blob.
     */
    public String message() {
      String why =
          reason instanceof MissingBlobException
              ? replica.unavailableReason().orElse(reason.getMessage())
              : reason.getMessage();
      return replica.region() + ": " + why;
    }
  }

  /** Returns whether one of the regions was not reached and so may have a right copy. */
  boolean notReached() {
    return notReached;
  }

  private static String message(String key, List<Failure> failures) {
    StringBuilder message = new StringBuilder("no region has a right copy of " + key + "; tried:");
    failures.forEach(failure -> message.append("\n  ").append(failure.message()));
    return message.toString();
  }

  /** Returns the regions that were tried, in that order. */
  public ImmutableList<String> regions() {
    return regions;
  }
}
