package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.manifest.BlobNames;
import dev.stillhouse.storage.manifest.Manifest;
import java.util.HashSet;
import java.util.Set;

/**
 * Which blobs a dataset needs, by sha256: those named by a version that stays, by the claim of the
 * output, or by the receipts of work that is not committed yet. Versions are told first, then
 * receipts.
 *
 * <p>A receipt is settled once it is old and each shard that it names is in some version: from then
 * on the versions alone decide. It stays as long as all its shards do, for it spares a later append
 * the packing; else it would lie, and goes before them.
 */
public final class References {
  private final Set<String> needed = new HashSet<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> unfinished = new HashSet<>();

  /** A version, and whether it stays. */
  public void version(Manifest manifest, boolean stays) {
    Set<String> names = BlobNames.of(manifest);
    committed.addAll(names);
    if (stays) {
      needed.addAll(names);
    }
  }

  /** What else is named by what stays. */
  public void also(Set<String> names) {
    needed.addAll(names);
  }

  /**
   * A receipt, when all versions are told.
   *
   * @param past whether it is older than the grace time
   */
  public void receipt(Set<String> names, boolean past) {
    if (!past || !committed.containsAll(names)) {
      names.stream().filter(name -> !needed.contains(name)).forEach(unfinished::add);
    }
  }

  /** Whether a blob is needed. */
  public boolean need(String sha256) {
    return needed.contains(sha256) || unfinished.contains(sha256);
  }

  /** Whether a blob is needed only to finish what was begun. */
  public boolean unfinished(String sha256) {
    return unfinished.contains(sha256);
  }

  /** Whether a receipt would lie soon, when all receipts are told. */
  public boolean lies(Set<String> names) {
    return !names.stream().allMatch(this::need);
  }
}
