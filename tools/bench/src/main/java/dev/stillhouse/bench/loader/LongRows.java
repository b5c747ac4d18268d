package dev.stillhouse.bench.loader;

import com.google.common.collect.ImmutableList;
import com.google.common.math.LongMath;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.DatasetFingerprint;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.manifest.Totals;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.tokens.PackedRows;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import dev.stillhouse.storage.tokens.TokenShardWriter;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Makes a dataset of sequences as long as today's students take from one with shorter ones: {@value
 * #JOINED} rows become one, and rows repeat until there are enough.
 */
final class LongRows {
  static final int JOINED = 4;
  private static final int SHARD_ROWS = 32;

  private final Dataset source;
  private final String layout;
  private final int length;
  private final List<StatisticsBatch> rows = new ArrayList<>();

  LongRows(Dataset source, String layout) {
    this.source = source;
    this.layout = layout;
    this.length = JOINED * source.manifest().sequenceLength();
    for (ShardRecord shard : source.manifest().shards()) {
      for (int row = 0; row + JOINED <= shard.sequences(); row += JOINED) {
        rows.add(joined(source.read(shard.firstSequence() + row, JOINED, Projection.ALL)));
      }
    }
  }

  /**
   * Returns rows joined to one. Their row-major slots are the same; only segments need new numbers.
   */
  private StatisticsBatch joined(StatisticsBatch batch) {
    int[] segments = batch.tokens().segments().clone();
    int row = length / JOINED;
    int next = 0;
    for (int from = 0; from < length; from += row) {
      int max = next;
      for (int i = from; i < from + row; i++) {
        if (segments[i] != TokenBatch.PADDING) {
          segments[i] += next;
          max = Math.max(max, segments[i] + 1);
        }
      }
      next = max;
    }
    return batch.withTokens(new TokenBatch(0, length, batch.tokens().tokens(), segments));
  }

  /** Writes a number of positions, rounded up to whole shards. */
  Manifest write(long positions, Path to) throws IOException {
    long shards =
        Math.max(1, LongMath.divide(positions, (long) SHARD_ROWS * length, RoundingMode.CEILING));
    List<ShardRecord> records = new ArrayList<>();
    try (BlobStore store = BlobStores.open(to.toString())) {
      for (long shard = 0; shard < shards; shard++) {
        records.add(shard(store, shard * SHARD_ROWS));
      }
      Manifest manifest = manifest(records);
      new ManifestLog(store, new ReplicaReader(ImmutableList.of(store), new Ledger()))
          .append(manifest);
      return manifest;
    }
  }

  private Manifest manifest(List<ShardRecord> shards) {
    Manifest of = source.manifest();
    List<String> units = List.of(Hashes.sha256("long rows"));
    Identity from = of.identity().in(Layouts.named(layout));
    Identity identity =
        new Identity(
            Identity.corpus(units),
            from.tokenizer(),
            "long rows",
            from.teacher(),
            from.statistic(),
            from.layout(),
            from.arithmetic());
    return Manifest.of(
        1, identity, of.tokenizer(), of.teacher(), of.vocabulary(), length, units, shards);
  }

  private ShardRecord shard(BlobStore store, long first) throws IOException {
    Manifest of = source.manifest();
    ShardHeader header =
        new ShardHeader(
            layout,
            of.identity().statistic(),
            of.identity().arithmetic(),
            of.identity().teacher(),
            of.identity().tokenizer(),
            of.vocabulary(),
            first,
            SHARD_ROWS,
            length);
    DatasetFingerprint fingerprint = new DatasetFingerprint();
    Totals totals = Totals.NONE;
    Path file = scratch(store);
    Path tokenFile = scratch(store);
    try (ShardWriter writer = Layouts.named(layout).writer(file, header);
        TokenShardWriter tokens =
            new TokenShardWriter(
                tokenFile,
                new TokenShardHeader(of.identity().tokenizer(), of.vocabulary(), length))) {
      for (int row = 0; row < SHARD_ROWS; row++) {
        StatisticsBatch batch = rows.get((int) ((first + row) % rows.size()));
        batch = batch.withTokens(numbered(batch.tokens(), first + row));
        writer.write(batch);
        tokens.write(
            new PackedRows(
                numbered(batch.tokens(), row), Collections.nCopies(1, ImmutableList.of())));
        fingerprint.add(batch.tokens());
        totals = totals.plus(batch);
      }
      return new ShardRecord(
          put(store, "shards/", writer.finish(), file),
          first,
          fingerprint.hex(),
          totals,
          new TokenShardRecord(
              put(store, "tokens/", tokens.finish(), tokenFile),
              0,
              SHARD_ROWS,
              totals.positions()));
    }
  }

  private static TokenBatch numbered(TokenBatch row, long number) {
    return new TokenBatch(number, row.length(), row.tokens(), row.segments());
  }

  private static Path scratch(BlobStore store) {
    return store.scratch().resolve(UUID.randomUUID() + ".parquet");
  }

  private static BlobRecord put(BlobStore store, String folder, SealedFile sealed, Path file)
      throws IOException {
    store.putIfAbsent(folder + sealed.sha256() + ".parquet", file);
    Files.delete(file);
    return BlobRecord.of(sealed);
  }
}
