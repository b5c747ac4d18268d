package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.UnreadableBlobException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The replicas that one read has tried so far, each once. */
final class ReadAttempts {
  private final String key;
  private final List<UnreadableBlobException.Failure> failures = new ArrayList<>();
  private final Set<Replica> failed = new HashSet<>();

  ReadAttempts(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  void failed(Replica route, DataException reason) {
    failed.add(route);
    failures.add(new UnreadableBlobException.Failure(route.store(), reason));
  }

  /** Returns whether a replica failed because its store is busy. */
  boolean busy() {
    return failures.stream().anyMatch(ReadAttempts::isBusy);
  }

  /** Allows replicas of busy stores to be asked again. */
  void askBusyAgain() {
    failures.stream()
        .filter(ReadAttempts::isBusy)
        .forEach(busy -> failed.removeIf(route -> route.store() == busy.replica()));
    failures.removeIf(ReadAttempts::isBusy);
  }

  private static boolean isBusy(UnreadableBlobException.Failure failure) {
    return failure.reason() instanceof NotReachedException e
        && e.why() == NotReachedException.Why.BUSY;
  }

  boolean mayAsk(Replica route) {
    return !failed.contains(route);
  }

  int failures() {
    return failures.size();
  }

  /** Returns whether every region says that there is no such blob. */
  boolean missingEverywhere() {
    return failures.stream().allMatch(f -> f.reason() instanceof MissingBlobException);
  }

  /**
   * Returns the error to throw when no replica is left; with a single replica it is that one's own.
   */
  DataException allFailed() {
    return failures.size() == 1
        ? failures.get(0).reason()
        : new UnreadableBlobException(key, failures);
  }
}
