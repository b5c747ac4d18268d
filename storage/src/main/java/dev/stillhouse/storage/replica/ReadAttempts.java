package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.UnreadableBlobException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one read has tried so far: each copy once. */
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

  /** Whether a copy came to nothing because its store is busy. */
  boolean busy() {
    return failures.stream().anyMatch(ReadAttempts::isBusy);
  }

  /** Those whose stores were busy may be asked again. */
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

  /** Whether every region says that there is no such blob. */
  boolean missingEverywhere() {
    return failures.stream().allMatch(f -> f.reason() instanceof MissingBlobException);
  }

  /** What is thrown when no copy is left: of a lone region its own reason. */
  DataException allFailed() {
    return failures.size() == 1
        ? failures.get(0).reason()
        : new UnreadableBlobException(key, failures);
  }
}
