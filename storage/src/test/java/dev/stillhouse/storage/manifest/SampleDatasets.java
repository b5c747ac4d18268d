package dev.stillhouse.storage.manifest;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.tokens.PackedRows;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import dev.stillhouse.storage.tokens.TokenShardWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Small whole datasets. Tokens depend on seed and shape alone, whatever the layout. */
public final class SampleDatasets {
  /** Ids of the vocabulary; more than are drawn, since sample entropies are of up to 10 nats. */
  public static final int VOCABULARY = 1 << 16;

  private static final int DRAWN_IDS = 16;
  public static final int K = 4;

  /** Makes the statistics of a shard. */
  public interface Statistics {
    StatisticsBatch of(Random random, TokenBatch tokens, int k, int vocabulary);
  }

  private final BlobStore store;
  private final String layout;
  private final int length;
  private final StatisticSpec spec;
  private final Statistics statistics;

  /** Writes datasets of sequences of {@code length} into {@code store}. */
  public SampleDatasets(BlobStore store, String layout, int length, Statistics statistics) {
    this(store, layout, length, StatisticSpec.ofTopK(K), statistics);
  }

  /** The same with another statistic. */
  public SampleDatasets(
      BlobStore store, String layout, int length, StatisticSpec spec, Statistics statistics) {
    this.store = store;
    this.spec = spec;
    this.layout = layout;
    this.length = length;
    this.statistics = statistics;
  }

  /** Writes and commits version 1: a shard for each of {@code rows}, with that many sequences. */
  public Manifest write(long seed, int... rows) throws IOException {
    List<ShardRecord> shards = new ArrayList<>();
    long first = 0;
    for (int i = 0; i < rows.length; i++) {
      shards.add(shard(seed + 1000L * i, first, rows[i]));
      first += rows[i];
    }
    Manifest manifest = manifest(1, shards);
    ManifestLog log = log(store);
    if (log.append(manifest) != CommitOutcome.COMMITTED) {
      throw new IllegalStateException("another dataset is here");
    }
    return manifest;
  }

  /** The log of the dataset in {@code store}. */
  public static ManifestLog log(BlobStore store) {
    return new ManifestLog(store, new ReplicaReader(ImmutableList.of(store), new Ledger()));
  }

  /** A manifest of these shards, which is not committed. */
  public Manifest manifest(long version, List<ShardRecord> shards) {
    List<String> units = List.of(Hashes.sha256("unit"));
    Identity identity =
        new Identity(
            Identity.corpus(units),
            "tokenizer",
            "packing",
            "teacher",
            spec.toString(),
            layout,
            "a-1");
    return Manifest.of(version, identity, "bytes", "made up", VOCABULARY, length, units, shards);
  }

  /** Writes one shard and its token shard. */
  public ShardRecord shard(long seed, long first, int rows) throws IOException {
    TokenBatch tokens = SampleBatches.tokens(new Random(seed), first, rows, length, DRAWN_IDS);
    StatisticsBatch batch = statistics.of(new Random(seed + 1), tokens, K, DRAWN_IDS);
    DatasetFingerprint fingerprint = new DatasetFingerprint();
    fingerprint.add(tokens);
    return new ShardRecord(
        writeStatistics(batch),
        first,
        fingerprint.hex(),
        Totals.NONE.plus(batch),
        writeTokens(tokens));
  }

  private BlobRecord writeStatistics(StatisticsBatch batch) throws IOException {
    TokenBatch tokens = batch.tokens();
    ShardHeader header =
        new ShardHeader(
            layout,
            spec.toString(),
            "a-1",
            "teacher",
            "tokenizer",
            VOCABULARY,
            tokens.firstSequence(),
            tokens.sequences(),
            length);
    Path file = store.scratch().resolve(UUID.randomUUID() + ".parquet");
    try (ShardWriter writer = Layouts.named(layout).writer(file, header)) {
      writer.write(batch);
      return put("shards/", writer.finish(), file);
    }
  }

  private TokenShardRecord writeTokens(TokenBatch batch) throws IOException {
    TokenBatch inUnit = new TokenBatch(0, length, batch.tokens(), batch.segments());
    Path file = store.scratch().resolve(UUID.randomUUID() + ".parquet");
    TokenShardHeader header = new TokenShardHeader("tokenizer", VOCABULARY, length);
    try (TokenShardWriter writer = new TokenShardWriter(file, header)) {
      writer.write(
          new PackedRows(inUnit, Collections.nCopies(inUnit.sequences(), ImmutableList.of())));
      BlobRecord blob = put("tokens/", writer.finish(), file);
      return new TokenShardRecord(
          blob, 0, batch.sequences(), Totals.NONE.plus(empty(batch)).positions());
    }
  }

  private static StatisticsBatch empty(TokenBatch tokens) {
    int n = tokens.slots();
    return new StatisticsBatch(
        tokens,
        new int[n + 1],
        new int[0],
        new float[0],
        new float[n],
        new float[n],
        new float[n],
        new float[n]);
  }

  private BlobRecord put(String folder, SealedFile sealed, Path file) throws IOException {
    store.putIfAbsent(folder + sealed.sha256() + ".parquet", file);
    Files.delete(file);
    return BlobRecord.of(sealed);
  }
}
