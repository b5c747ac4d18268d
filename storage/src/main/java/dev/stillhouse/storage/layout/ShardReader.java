package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Decodes a shard without doing I/O. Rows are counted within the shard, from 0. Every byte is
 * checked against the footer's checksums before it is decoded; a wrong one is a {@link
 * dev.stillhouse.storage.DamagedBlobException}.
 */
@PublicApi
public interface ShardReader {
  /** Returns the header of the shard. */
  ShardHeader header();

  /**
   * Returns the byte ranges that hold {@code projection} of rows {@code from .. to} (exclusive).
   */
  List<ByteRange> ranges(int from, int to, Projection projection);

  /**
   * Decodes the bytes of {@link #ranges}, in their order. Each row's tokens are compared with its
   * fingerprint (law 1).
   *
   * @throws dev.stillhouse.storage.DamagedBlobException if bytes are not what the footer's
   *     checksums say
   */
  StatisticsBatch decode(int from, int to, Projection projection, List<ByteBuffer> bytes);
}
