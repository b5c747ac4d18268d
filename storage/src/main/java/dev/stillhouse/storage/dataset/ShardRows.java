package dev.stillhouse.storage.dataset;

import static com.google.common.base.Preconditions.checkNotNull;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.fetch.FetchedFile;
import dev.stillhouse.storage.fetch.FilePart;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.replica.FetchedRange;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one shard. Runs of consecutive rows are decoded together, so that what they share is
 * decoded once.
 */
public final class ShardRows implements FilePart {
  private final ShardFile file;
  private final Supplier<ShardReader> shard;
  private final int[] rows;
  private final Projection projection;

  /** Runs of consecutive rows: the place of the first among the rows, and behind the last. */
  private final List<int[]> runs = new ArrayList<>();

  private @Nullable List<ByteRange> ranges;
  private int[] ends = new int[0];

  /**
   * Creates a part.
   *
   * @param shard opens the shard and checks that it is the manifest's
   * @param rows numbers within the shard, from 0, in any order
   */
  ShardRows(ShardFile file, Supplier<ShardReader> shard, int[] rows, Projection projection) {
    this.file = file;
    this.shard = shard;
    this.rows = rows;
    this.projection = projection;
    for (int i = 0, start = 0; i < rows.length; i++) {
      if (i + 1 == rows.length || rows[i + 1] != rows[i] + 1) {
        runs.add(new int[] {start, i + 1});
        start = i + 1;
      }
    }
  }

  @Override
  public FetchedFile file() {
    return file;
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public boolean wholeRows() {
    return projection.columns().containsAll(Projection.WITHOUT_PROVENANCE.columns())
        && projection.maxEntries() == Integer.MAX_VALUE
        && !projection.coarse();
  }

  @Override
  public synchronized List<ByteRange> ranges() {
    if (ranges == null) {
      ShardReader opened = shard.get();
      List<ByteRange> all = new ArrayList<>();
      ends = new int[runs.size()];
      for (int i = 0; i < ends.length; i++) {
        int[] run = runs.get(i);
        all.addAll(opened.ranges(rows[run[0]], rows[run[1] - 1] + 1, projection));
        ends[i] = all.size();
      }
      ranges = all;
    }
    return checkNotNull(ranges);
  }

  /**
   * Returns a batch for each row, in their order, of fetched bytes. If there are none, or they are
   * wrong, the rows are read from whichever replica is right.
   *
   * @throws dev.stillhouse.storage.DataException if none is
   */
  public List<StatisticsBatch> read(Optional<List<FetchedRange>> fetched) {
    if (fetched.isPresent()) {
      try {
        return decode(fetched.get().stream().map(FetchedRange::bytes).toList());
      } catch (DamagedBlobException e) {
        file.reader().damaged(file.key(), fetched.get(), e);
      }
    }
    return read();
  }

  /** Reads and decodes the rows. */
  List<StatisticsBatch> read() {
    return file.reader().read(file.key(), ranges(), this::decode);
  }

  private List<StatisticsBatch> decode(List<ByteBuffer> bytes) {
    ShardReader opened = shard.get();
    StatisticsBatch[] batches = new StatisticsBatch[rows.length];
    for (int i = 0; i < runs.size(); i++) {
      int[] run = runs.get(i);
      List<ByteBuffer> own = bytes.subList(i == 0 ? 0 : ends[i - 1], ends[i]);
      StatisticsBatch together = opened.decode(rows[run[0]], rows[run[1] - 1] + 1, projection, own);
      if (run[1] - run[0] == 1) {
        batches[run[0]] = together;
      } else {
        for (int row = run[0]; row < run[1]; row++) {
          batches[row] = together.row(row - run[0]);
        }
      }
    }
    return Arrays.asList(batches);
  }
}
