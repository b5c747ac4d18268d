package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.CommitOutcome;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.NeededBlobs;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.replica.ReplicaReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Ends a job that wrote shards: checks all its receipts, then appends one manifest (law 5). */
public final class Commit {
  private Commit() {}

  /**
   * Returns the receipts of all shard tasks, in order.
   *
   * @param check throws a {@link DataException} that says where a receipt is false
   */
  public static <T> List<T> receipts(
      Receipts<T> receipts, List<ShardTask> tasks, BiConsumer<ShardTask, T> check) {
    List<T> all = new ArrayList<>();
    for (ShardTask task : tasks) {
      all.add(
          receipts
              .find(task.receipt(), receipt -> check.accept(task, receipt))
              .orElseThrow(
                  () ->
                      DataException.of(
                          "the receipt of sequences from %d on is gone; run the same command again",
                          task.firstSequence())));
    }
    return all;
  }

  /**
   * Appends the manifest. All blobs that it needs must exist (law 5).
   *
   * @param home reads where the dataset is committed
   * @param out the dataset as a person named it
   * @param onConflict advice if another process was first
   * @throws DataException if it cannot be appended
   */
  public static Manifest append(
      ManifestLog log, ReplicaReader home, Manifest manifest, String out, String onConflict) {
    NeededBlobs.check(manifest, home);
    if (log.settle(manifest) == CommitOutcome.COMMITTED) {
      return manifest;
    }
    throw DataException.of(
        "%s: another process committed version %d meanwhile; %s",
        out, manifest.version(), onConflict);
  }
}
