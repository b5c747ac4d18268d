package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.DatasetFingerprint;
import dev.stillhouse.storage.manifest.ImportNote;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.Totals;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads a shard from its first sequence to its last and proves it. Tokens are those of its token
 * shard, each statistic belongs to its token (law 1), and at the end fingerprint and totals match
 * the manifest. Memory is a few sequences, whatever the shard's size.
 */
public final class VerifyingShardReader {
  /**
   * Positions that are read at once: a whole row group of {@code rows}, so that none is read twice.
   */
  private static final int POSITIONS_AT_ONCE = 16_384;

  private static final int ENTRIES_AT_ONCE = 2 << 20;

  private final ShardBlobs blobs;
  private final Manifest manifest;

  /** Creates a reader of this manifest's shards. */
  public VerifyingShardReader(ShardBlobs blobs, Manifest manifest) {
    this.blobs = blobs;
    this.manifest = manifest;
  }

  /**
   * Returns how many sequences of a shard are read at once: fewer if positions have many entries.
   */
  public int step(ShardRecord shard) {
    long entries = shard.totals().entries() / Math.max(1, shard.totals().positions());
    long positions = Math.min(POSITIONS_AT_ONCE, ENTRIES_AT_ONCE / Math.max(1, entries));
    return (int) Math.max(1, positions / manifest.sequenceLength());
  }

  /**
   * Reads a shard.
   *
   * @param each gets the statistics, in order; they are proved only when this returns
   * @throws DamagedBlobException where something is wrong
   */
  public void read(ShardRecord shard, Consumer<StatisticsBatch> each) {
    StatisticSpec spec = blobs.open(manifest, shard).header().spec();
    StatisticsCheck check =
        new StatisticsCheck(
            shard.key(),
            manifest.errorBound(),
            spec,
            manifest.vocabulary(),
            manifest.imported().stream().anyMatch(ImportNote::targetsUnknown));
    DatasetFingerprint fingerprint = new DatasetFingerprint();
    Totals totals = Totals.NONE;
    int step = step(shard);
    for (int from = 0; from < shard.sequences(); from += step) {
      int to = Math.min(from + step, shard.sequences());
      StatisticsBatch batch = blobs.read(manifest, shard, from, to, Projection.ALL);
      tokens(shard, from, to, batch.tokens());
      check.accept(batch);
      fingerprint.add(batch.tokens());
      totals = totals.plus(batch);
      each.accept(batch);
    }
    end(shard, fingerprint, totals);
  }

  private void tokens(ShardRecord shard, int from, int to, TokenBatch found) {
    TokenBatch packed =
        blobs.readTokens(shard.tokens(), shard.firstSequence(), from, to, false).tokens();
    if (!Arrays.equals(found.tokens(), packed.tokens())
        || !Arrays.equals(found.segments(), packed.segments())) {
      throw new DamagedBlobException(
          shard.key(), 0, "its tokens are not those of " + shard.tokens().key());
    }
  }

  private static void end(ShardRecord shard, DatasetFingerprint fingerprint, Totals totals) {
    if (!fingerprint.hex().equals(shard.fingerprint())) {
      throw new DamagedBlobException(
          shard.key(), 0, "fingerprint of its rows is not the manifest's " + shard.fingerprint());
    }
    if (!totals.sameAs(shard.totals())) {
      throw new DamagedBlobException(
          shard.key(), 0, "totals are " + totals + ", the manifest says " + shard.totals());
    }
  }
}
