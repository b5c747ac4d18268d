package dev.stillhouse.storage.dataset;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.tokens.PackedRows;
import dev.stillhouse.storage.tokens.TokenShardReader;

/**
 * Reads shards and token shards through a {@link ReplicaReader}: the footer first, in one request,
 * then the ranges that the layout names. Keeps the footers of the files that were read last, up to
 * {@value #FOOTER_BYTES} bytes, so memory does not grow with the dataset. That is about a thousand
 * footers: a shuffled epoch over as many shards reads each footer once.
 */
public final class ShardBlobs {
  private static final int FOOTER_BYTES = 16 << 20;

  private final ReplicaReader reader;

  private final Cache<String, ShardFile.Opened> opened =
      CacheBuilder.newBuilder()
          .maximumWeight(FOOTER_BYTES)
          .weigher((String key, ShardFile.Opened file) -> file.footer().bytes())
          .build();

  /** Files in use: all who read one have the same object. */
  private final Cache<String, ShardFile> files = CacheBuilder.newBuilder().weakValues().build();

  /** Returns the reader that fetches the bytes. */
  public ReplicaReader reader() {
    return reader;
  }

  public ShardBlobs(ReplicaReader reader) {
    this.reader = reader;
  }

  /** Reads and checks a file's footer. */
  public Footer footer(String key, BlobRecord blob) {
    return file(key, blob, 1).read().footer();
  }

  private ShardFile file(String key, BlobRecord blob, int rows) {
    ShardFile made = new ShardFile(reader, key, blob, rows, opened);
    return files.asMap().merge(made.name() + "/" + rows, made, (known, unused) -> known);
  }

  /**
   * Returns a reader of a shard whose header matches the manifest.
   *
   * @throws DamagedBlobException if it does not
   */
  public ShardReader open(Manifest manifest, ShardRecord shard) {
    return open(file(shard), manifest, shard);
  }

  private ShardFile file(ShardRecord shard) {
    return file(shard.key(), shard.blob(), shard.sequences());
  }

  private static ShardReader open(ShardFile file, Manifest manifest, ShardRecord shard) {
    ShardReader found = file.read().reader().get();
    ShardHeaders.check(shard.key(), found.header(), manifest, shard);
    return found;
  }

  /** Reads rows {@code from .. to} (exclusive, counted in the shard). */
  public StatisticsBatch read(
      Manifest manifest, ShardRecord shard, int from, int to, Projection projection) {
    return read(open(manifest, shard), shard, from, to, projection);
  }

  /**
   * Returns single rows, counted in the shard, to be fetched ahead or read with all requests at
   * once.
   */
  ShardRows rows(Manifest manifest, ShardRecord shard, int[] rows, Projection projection) {
    ShardFile file = file(shard);
    return new ShardRows(file, () -> open(file, manifest, shard), rows, projection);
  }

  /** Reads rows of a shard that no manifest names yet. Its own header is trusted. */
  public StatisticsBatch read(ShardRecord shard, int from, int to) {
    return read(Layouts.reader(footer(shard.key(), shard.blob())), shard, from, to, Projection.ALL);
  }

  private StatisticsBatch read(
      ShardReader opened, ShardRecord shard, int from, int to, Projection projection) {
    return reader.read(
        shard.key(),
        opened.ranges(from, to, projection),
        bytes -> opened.decode(from, to, projection, bytes));
  }

  /** Reads rows of a token shard; {@code firstSequence} is the number its first row gets. */
  public PackedRows readTokens(
      TokenShardRecord shard, long firstSequence, int from, int to, boolean sources) {
    TokenShardReader opened = new TokenShardReader(footer(shard.key(), shard.blob()));
    return reader.read(
        shard.key(),
        opened.ranges(from, to, sources),
        bytes -> opened.decode(from, to, sources, bytes, shard.unitStart(), firstSequence + from));
  }
}
