package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.manifest.BlobNames;
import dev.stillhouse.storage.manifest.Manifest;
import java.util.HashSet;
import java.util.Set;

/**
 * Collects which blobs a dataset needs, by sha256: those named by a version that stays, by the
 * claim of the output, or by the receipts of work that is not committed yet. Versions are added
 * first, then receipts.
 *
 * <p>A receipt is settled once it is old and each shard that it names is in some version. From then
 * on the versions alone decide. A settled receipt stays as long as all its shards do, because it
 * saves a later append the packing. Otherwise it would name missing shards, and is removed before
 * them.
 */
public final class References {
  private final Set<String> needed = new HashSet<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> unfinished = new HashSet<>();

  /**
   * Adds a version.
   *
   * @param stays whether retention keeps it
   */
  public void version(Manifest manifest, boolean stays) {
    Set<String> names = BlobNames.of(manifest);
    committed.addAll(names);
    if (stays) {
      needed.addAll(names);
    }
  }

  /** Adds names that something else names that stays. */
  public void also(Set<String> names) {
    needed.addAll(names);
  }

  /**
   * Adds a receipt, after all versions.
   *
   * @param past whether it is older than the grace time
   */
  public void receipt(Set<String> names, boolean past) {
    if (!past || !committed.containsAll(names)) {
      names.stream().filter(name -> !needed.contains(name)).forEach(unfinished::add);
    }
  }

  /** Returns whether a blob is needed. */
  public boolean need(String sha256) {
    return needed.contains(sha256) || unfinished.contains(sha256);
  }

  /** Returns whether a blob is needed only to finish unfinished work. */
  public boolean unfinished(String sha256) {
    return unfinished.contains(sha256);
  }

  /**
   * Returns whether a receipt would soon name missing shards. All receipts must have been added.
   */
  public boolean lies(Set<String> names) {
    return !names.stream().allMatch(this::need);
  }
}
