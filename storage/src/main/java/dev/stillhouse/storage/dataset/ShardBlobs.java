package dev.stillhouse.storage.dataset;

import com.google.common.base.Suppliers;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Reads shards and token shards through a {@link ReplicaReader}: the footer first, in one request,
 * then the ranges that the layout names. Keeps the footers of the files that were read last, up to
 * {@value #FOOTER_BYTES} bytes, so memory does not grow with the dataset. That is about a thousand
 * footers: a shuffled epoch over as many shards reads each footer once.
 */
public final class ShardBlobs {
  private static final int FOOTER_BYTES = 16 << 20;

  private final ReplicaReader reader;

  /**
   * Many reads wait in threads of their own but decode in turn. Without this the first batch would
   * be ready only when all are.
   */
  private final Semaphore decoding =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  private final Cache<String, Opened> opened =
      CacheBuilder.newBuilder()
          .maximumWeight(FOOTER_BYTES)
          .weigher((String key, Opened file) -> file.footer().bytes())
          .build();

  /** A file's footer, and the reader of its shard, which is made on first use. */
  private record Opened(Footer footer, Supplier<ShardReader> reader) {}

  /** Returns the reader that fetches the bytes. */
  public ReplicaReader reader() {
    return reader;
  }

  public ShardBlobs(ReplicaReader reader) {
    this.reader = reader;
  }

  /** Reads and checks a file's footer. */
  public Footer footer(String key, BlobRecord blob) {
    return opened(key, blob).footer();
  }

  private Opened opened(String key, BlobRecord blob) {
    try {
      return opened.get(
          key + blob.footerCrc32c(),
          () -> {
            ByteRange tail = Footer.range(key, blob.bytes(), blob.footerBytes());
            Footer footer =
                reader.read(
                    key,
                    List.of(tail),
                    bytes -> Footer.parse(key, blob.bytes(), bytes.get(0), blob.crc()));
            return new Opened(footer, Suppliers.memoize(() -> Layouts.reader(footer)));
          });
    } catch (UncheckedExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (ExecutionException e) {
      throw new DataException(key + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns a reader of a shard whose header matches the manifest.
   *
   * @throws DamagedBlobException if it does not
   */
  public ShardReader open(Manifest manifest, ShardRecord shard) {
    ShardReader found = opened(shard.key(), shard.blob()).reader().get();
    ShardHeaders.check(shard.key(), found.header(), manifest, shard);
    return found;
  }

  /** Reads rows {@code from .. to} (exclusive, counted in the shard). */
  public StatisticsBatch read(
      Manifest manifest, ShardRecord shard, int from, int to, Projection projection) {
    return read(open(manifest, shard), shard, from, to, projection);
  }

  /**
   * Reads single rows, counted in the shard, with all requests at once.
   *
   * @return a batch for each row, in their order
   */
  public List<StatisticsBatch> readEach(
      Manifest manifest, ShardRecord shard, int[] rows, Projection projection) {
    ShardReader opened = open(manifest, shard);
    List<ByteRange> ranges = new ArrayList<>();
    int[] ends = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      ranges.addAll(opened.ranges(rows[i], rows[i] + 1, projection));
      ends[i] = ranges.size();
    }
    return reader.read(
        shard.key(),
        ranges,
        bytes -> {
          decoding.acquireUninterruptibly();
          try {
            List<StatisticsBatch> batches = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
              List<ByteBuffer> own = bytes.subList(i == 0 ? 0 : ends[i - 1], ends[i]);
              batches.add(opened.decode(rows[i], rows[i] + 1, projection, own));
            }
            return batches;
          } finally {
            decoding.release();
          }
        });
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
