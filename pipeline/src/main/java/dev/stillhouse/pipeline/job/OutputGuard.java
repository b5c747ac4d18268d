package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.List;
import java.util.Optional;

/**
 * Refuses an output that holds, or has begun to hold, a dataset of another identity. The first job
 * writes {@code work/identity.json}, put-if-absent. A version that is appended may have another
 * corpus than the one before, and nothing else; the commit decides between two at once.
 */
public final class OutputGuard {
  /** Stands for a field that is unknown before the corpus is packed. */
  public static final String NOT_KNOWN_YET = "?";

  public static final String KEY = BlobKind.CLAIM_KEY;
  private static final int MAX_BYTES = 1 << 20;

  private final String out;
  private final BlobStore home;
  private final ReplicaReader reader;
  private final ManifestLog log;
  private final NextVersion next;
  private final String advice;
  private boolean resumed = true;

  /**
   * Creates a guard of an output.
   *
   * @param advice what else to do if another dataset was committed, or ""
   */
  public OutputGuard(JobOutput output, ManifestLog log, NextVersion next, String advice) {
    this.out = output.store();
    this.home = output.home();
    this.reader = output.reader();
    this.log = log;
    this.next = next;
    this.advice = advice;
  }

  /** Refuses early, by the fields that are known before any work is done. */
  public void checkKnown(Identity asked) {
    home.provePutIfAbsent(); // Before hours of work, not after them.
    if (next.base().isPresent()) {
      refuseOther("holds", next.base().get().identity(), asked);
      return;
    }
    log.latest().ifPresent(manifest -> refuseOther("holds", manifest.identity(), asked));
    begun().ifPresent(identity -> refuseOther("has begun to hold", identity, asked));
  }

  /**
   * Claims the output.
   *
   * @return the manifest, if all is done already
   * @throws DataException if the output is of another identity
   */
  public Optional<Manifest> check(Identity asked) {
    home.provePutIfAbsent();
    if (next.base().isPresent()) {
      refuseOther("holds", next.base().get().identity(), asked);
      return Optional.empty();
    }
    Optional<Manifest> latest = log.latest();
    if (latest.isPresent()) {
      refuseOther("holds", latest.get().identity(), asked);
      return latest;
    }
    resumed = !home.putIfAbsent(KEY, Json.record(asked));
    begun().ifPresent(identity -> refuseOther("has begun to hold", identity, asked));
    return Optional.empty();
  }

  /** Returns whether the job, or a version that is appended, was begun before. */
  public boolean resumed() {
    return resumed;
  }

  private void refuseOther(String state, Identity there, Identity asked) {
    List<String> differences =
        there.differences(asked).stream()
            .filter(difference -> !difference.endsWith(unknown()))
            .filter(difference -> next.base().isEmpty() || !difference.startsWith("corpus:"))
            .toList();
    if (!differences.isEmpty()) {
      throw DataException.of(
          "%s %s a dataset of another identity; %s.%n  %s",
          out,
          state,
          next.base().isPresent()
              ? "append with the settings that it was made with"
              : "choose another --out" + (log.keys().isEmpty() ? "" : advice),
          String.join("\n  ", differences));
    }
  }

  private static String unknown() {
    return ", " + NOT_KNOWN_YET + " asked for";
  }

  private Optional<Identity> begun() {
    Optional<byte[]> claim = reader.readWhole(KEY, MAX_BYTES);
    try {
      return claim.map(json -> Json.record(KEY, json, Identity.class));
    } catch (DataException e) {
      throw new DataException(
          e.getMessage() + "; remove it and run the same command again, nothing else is lost", e);
    }
  }
}
