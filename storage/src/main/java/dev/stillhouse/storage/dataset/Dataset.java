package dev.stillhouse.storage.dataset;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.PackedRows;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An opened dataset: one version, pinned (law 5). What is committed later is not seen, what is
 * pinned stays.
 */
public final class Dataset implements AutoCloseable {
  private final RegionStore home;
  private final ReplicaReader reader;
  private final Ledger ledger;
  private final ShardBlobs blobs;
  private final Manifest manifest;

  private Dataset(RegionStore home, ReplicaReader reader, Ledger ledger, Manifest manifest) {
    this.home = home;
    this.reader = reader;
    this.ledger = ledger;
    this.blobs = new ShardBlobs(reader);
    this.manifest = manifest;
  }

  /** Opens the newest version of the dataset with this path or URI. */
  public static Dataset open(String name) {
    return opened(name, ManifestLog::latest);
  }

  /** Opens one version of it. */
  public static Dataset open(String name, long version) {
    return opened(name, log -> Optional.of(log.version(version)));
  }

  /**
   * Opens the newest version of it that is wanted, as by a cursor that was taken when it was the
   * newest; if none is, the newest of all.
   */
  public static Dataset open(String name, Predicate<Manifest> wanted) {
    return opened(name, log -> log.newest(wanted).or(log::latest));
  }

  private static Dataset opened(String name, Function<ManifestLog, Optional<Manifest>> choice) {
    RegionStore home = Regions.open(name);
    Ledger ledger = new Ledger();
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(home), ledger);
    Manifest manifest =
        choice
            .apply(new ManifestLog(home, reader))
            .orElseThrow(
                () ->
                    DataException.of(
                        "%s: no dataset here (no manifests/v*.json); if an extraction was stopped,"
                            + " run it again to finish it",
                        name));
    return new Dataset(home, reader, ledger, manifest);
  }

  /** The version that is pinned. */
  public Manifest manifest() {
    return manifest;
  }

  /** The region where the dataset is committed. */
  public RegionStore home() {
    return home;
  }

  /** The reader of its blobs. */
  public ReplicaReader reader() {
    return reader;
  }

  /** What reading has cost so far. */
  public Ledger ledger() {
    return ledger;
  }

  /** Reads {@code count} sequences from {@code first} on; they must lie in one shard. */
  public StatisticsBatch read(long first, int count, Wanted wanted) {
    ShardRecord shard = manifest.shardOf(first);
    int from = Math.toIntExact(first - shard.firstSequence());
    if (count < 1 || count > shard.sequences() - from) {
      throw DataException.of(
          "%d sequences from %d on: the shard there has sequences %d to %d",
          count, first, shard.firstSequence(), shard.endSequence() - 1);
    }
    return blobs.read(manifest, shard, from, from + count, wanted);
  }

  /** Reads one sequence's tokens with their sources. */
  public PackedRows sources(long sequence) {
    ShardRecord shard = manifest.shardOf(sequence);
    int row = Math.toIntExact(sequence - shard.firstSequence());
    return blobs.readTokens(shard.tokens(), shard.firstSequence(), row, row + 1, true);
  }

  @Override
  public void close() {
    home.close();
  }
}
