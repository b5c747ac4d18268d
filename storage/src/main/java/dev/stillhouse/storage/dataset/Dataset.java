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

/** An opened dataset: one version, fixed when it is opened (law 5). Later commits are not seen. */
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

  /**
   * Opens the newest version of the dataset with this path or URI, with all its replicas.
   *
   * @throws DataException if there is no dataset, or it cannot be reached
   */
  public static Dataset open(String name) {
    return open(name, ReadOptions.DEFAULT);
  }

  /**
   * Opens a version of the dataset with this path or URI, with all its replicas.
   *
   * @throws DataException if there is no such version, or it cannot be reached
   */
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
   * Opens the newest version in stores that the caller has opened. Closing the dataset closes them.
   *
   * @param name for errors
   * @param stores home, then the other replicas
   */
  public static Dataset of(String name, ImmutableList<BlobStore> stores, ReadContext context) {
    Replicas replicas = new Replicas(ReplicaList.none(), stores, new Ledger());
    return new Dataset(name, replicas, context, ManifestLog::latest);
  }

  /** Returns the manifest of the opened version. */
  public Manifest manifest() {
    return manifest;
  }

  /** Returns what is kept of each position's distribution. */
  public StatisticSpec statistic() {
    try {
      return StatisticSpec.parse(manifest.identity().statistic());
    } catch (UsageException e) {
      throw new DataException("the dataset's manifest: " + e.getMessage(), e);
    }
  }

  /** Returns the number of sequences of the opened version. */
  public long sequences() {
    return manifest.sequences();
  }

  /** Returns the number of positions in each sequence (T). */
  public int sequenceLength() {
    return manifest.sequenceLength();
  }

  /** Returns the number of ids that the teacher predicts: all token ids are below it. */
  public int vocabulary() {
    return manifest.vocabulary();
  }

  /** Returns the log of all versions. */
  public ManifestLog log() {
    return log;
  }

  /** Returns the store of the region where the dataset is committed. */
  public BlobStore home() {
    return regions.get(0);
  }

  /**
   * Returns the stores of all replicas, in order of preference: home, then in the order of the
   * replica list.
   */
  public ImmutableList<BlobStore> regions() {
    return regions;
  }

  /** Returns the replica list that home holds. */
  public ReplicaList regionList() {
    return replicas.list();
  }

  /**
   * Returns the replicas that are unavailable as a whole, each as "region copy: /path is not
   * there".
   */
  public List<String> absences() {
    List<String> told = new ArrayList<>();
    for (BlobStore region : regions) {
      region
          .unavailableReason()
          .ifPresent(why -> told.add("region " + region.region() + ": " + why));
    }
    return told;
  }

  /** Returns the reader of its blobs. */
  public ReplicaReader reader() {
    return reader;
  }

  /** Returns what reading has cost so far. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Reads consecutive sequences of one shard.
   *
   * @param first dataset-wide number of the first, from 0
   * @param count how many, 1 or more; all lie in the shard of the first
   * @throws DataException if no replica gives bytes that match the manifest
   */
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
   * Reads any sequences, those of one shard together.
   *
   * @param sequences dataset-wide numbers, from 0
   * @return a batch of one sequence for each, in their order
   * @throws DataException if no replica gives bytes that match the manifest
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
          List<StatisticsBatch> read = rows(shard, rows, projection).read();
          for (int i = 0; i < rows.length; i++) {
            batches[at.get(i)] = read.get(i);
          }
        });
    return Arrays.asList(batches);
  }

  /**
   * Returns rows of one shard of this version, to be read together, or fetched ahead.
   *
   * @param rows numbers within the shard, from 0
   */
  public ShardRows rows(ShardRecord shard, int[] rows, Projection projection) {
    return blobs.rows(manifest, shard, rows, projection);
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
