package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads a shard without doing I/O. Rows are counted within the shard, from 0. Every byte is checked
 * against the footer's checksums before it is decoded; a bad one is a {@link
 * dev.stillhouse.storage.DamagedBlobException}.
 */
public interface ShardReader {
  /** What the shard says about itself. */
  ShardHeader header();

  /** The byte ranges that hold {@code projection} of rows {@code from .. to} (exclusive). */
  List<ByteRange> ranges(int from, int to, Projection projection);

  /**
   * Decodes the bytes of {@link #ranges}, in their order. Each row's tokens are compared with its
   * fingerprint (law 1).
   */
  StatisticsBatch decode(int from, int to, Projection projection, List<ByteBuffer> bytes);
}
