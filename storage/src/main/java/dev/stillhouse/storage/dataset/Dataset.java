package dev.stillhouse.storage.dataset;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.tokens.PackedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An opened dataset: one version, pinned (law 5). What is committed later is not seen, what is
 * pinned stays.
 */
@PublicApi
public final class Dataset implements AutoCloseable {
  private final Replicas replicas;
  private final ImmutableList<BlobStore> regions;
  private final ReplicaReader reader;
  private final Ledger ledger;
  private final ShardBlobs blobs;
  private final ManifestLog log;
  private final Manifest manifest;

  private Dataset(
      String name,
      Replicas replicas,
      ReadContext context,
      Function<ManifestLog, Optional<Manifest>> choice) {
    this.replicas = replicas;
    this.regions = replicas.stores();
    replicas.priceFrom(context);
    this.reader = replicas.reader(context);
    this.ledger = replicas.ledger();
    this.blobs = new ShardBlobs(reader);
    this.log = new ManifestLog(regions.get(0), reader);
    this.manifest =
        choice
            .apply(log)
            .orElseThrow(
                () ->
                    DataException.of(
                        "%s: no dataset here (%s); if an extraction was stopped, run it again to"
                            + " finish it",
                        name, regions.get(0).unavailableReason().orElse("no manifests/v*.json")));
  }

  /** Opens the newest version of the dataset with this path or URI, with all its regions. */
  public static Dataset open(String name) {
    return open(name, ReadOptions.DEFAULT);
  }

  /** Opens a version of the dataset with this path or URI, with all its regions. */
  public static Dataset open(String name, ReadOptions options) {
    ReadContext context = options.context();
    Optional<CacheDirectory> cache = context.cache().flatMap(RangeCache::directory);
    Replicas replicas = Replicas.open(name, cache, options.ledger());
    try {
      return new Dataset(name, replicas, context, options.choice());
    } catch (RuntimeException | Error e) {
      replicas.close();
      throw e;
    }
  }

  /**
   * Opens the newest version in stores that the caller has opened; they are closed with it.
   *
   * @param name for errors
   * @param stores home, then others that hold it
   */
  public static Dataset of(String name, ImmutableList<BlobStore> stores, ReadContext context) {
    Replicas replicas = new Replicas(ReplicaList.none(), stores, new Ledger());
    return new Dataset(name, replicas, context, ManifestLog::latest);
  }

  /** The version that is pinned. */
  public Manifest manifest() {
    return manifest;
  }

  /** What is kept of each of its positions. */
  public StatisticSpec statistic() {
    try {
      return StatisticSpec.parse(manifest.identity().statistic());
    } catch (UsageException e) {
      throw new DataException("the dataset's manifest: " + e.getMessage(), e);
    }
  }

  /** All its versions. */
  public ManifestLog log() {
    return log;
  }

  /** The region where the dataset is committed. */
  public BlobStore home() {
    return regions.get(0);
  }

  /** All regions that hold it, in order of preference: home, then as its list of regions says. */
  public ImmutableList<BlobStore> regions() {
    return regions;
  }

  /** What home says of the regions: which there are, and where home itself is. */
  public ReplicaList regionList() {
    return replicas.list();
  }

  /** Regions that are not there at all, each as "region copy: /path is not there". */
  public List<String> absences() {
    List<String> told = new ArrayList<>();
    for (BlobStore region : regions) {
      region
          .unavailableReason()
          .ifPresent(why -> told.add("region " + region.region() + ": " + why));
    }
    return told;
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
  public StatisticsBatch read(long first, int count, Projection projection) {
    ShardRecord shard = manifest.shardOf(first);
    int from = Math.toIntExact(first - shard.firstSequence());
    if (count < 1 || count > shard.sequences() - from) {
      throw DataException.of(
          "%d sequences from %d on: the shard there has sequences %d to %d",
          count, first, shard.firstSequence(), shard.endSequence() - 1);
    }
    return blobs.read(manifest, shard, from, from + count, projection);
  }

  /**
   * Reads sequences from anywhere, those of one shard at a time.
   *
   * @return a batch of one sequence for each, in their order
   */
  public List<StatisticsBatch> readEach(long[] sequences, Projection projection) {
    Map<ShardRecord, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < sequences.length; i++) {
      places.computeIfAbsent(manifest.shardOf(sequences[i]), s -> new ArrayList<>()).add(i);
    }
    StatisticsBatch[] batches = new StatisticsBatch[sequences.length];
    places.forEach(
        (shard, at) -> {
          int[] rows =
              at.stream().mapToInt(i -> (int) (sequences[i] - shard.firstSequence())).toArray();
          List<StatisticsBatch> read = readRows(shard, rows, projection);
          for (int i = 0; i < rows.length; i++) {
            batches[at.get(i)] = read.get(i);
          }
        });
    return Arrays.asList(batches);
  }

  /**
   * Reads rows of one shard of this version together.
   *
   * @param rows numbers within the shard, from 0
   * @return a batch of one sequence for each, in their order
   */
  public List<StatisticsBatch> readRows(ShardRecord shard, int[] rows, Projection projection) {
    return blobs.readEach(manifest, shard, rows, projection);
  }

  /** Reads one sequence's tokens with their sources. */
  public PackedRows sources(long sequence) {
    ShardRecord shard = manifest.shardOf(sequence);
    int row = Math.toIntExact(sequence - shard.firstSequence());
    return blobs.readTokens(shard.tokens(), shard.firstSequence(), row, row + 1, true);
  }

  @Override
  public void close() {
    replicas.close();
  }
}
