package dev.stillhouse.storage.layout.pages;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.statistics.Provenance;

/**
 * The entries of a batch, as arrays to fill.
 *
 * @param offsets start of each slot's entries, and the end of the last
 * @param provenance with the columns that the projection reads and the shard has
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
public record Entries(int[] offsets, int[] ids, float[] logProbs, Provenance provenance) {
  /** Returns room for entries whose places are known. */
  public static Entries room(ShardHeader header, Projection projection, int[] offsets) {
    int total = offsets[offsets.length - 1];
    // A column that is there has an element: an array of none means that there is no column.
    Provenance provenance =
        EntryColumn.REASONS.readBy(projection)
            ? Provenance.room(header.spec(), Math.max(1, total))
            : Provenance.NONE;
    return new Entries(offsets, new int[total], new float[total], provenance);
  }

  /** Returns where the entries of each slot start if only the best of each are read. */
  public static int[] offsets(
      FetchedPages pages, int keptColumn, int firstRow, int[][] kept, int max) {
    int length = kept.length == 0 ? 0 : kept[0].length;
    int[] offsets = new int[kept.length * length + 1];
    long total = 0;
    for (int row = 0; row < kept.length; row++) {
      for (int i = 0; i < length; i++) {
        total += Math.min(kept[row][i], max);
        if (total > Ints.MAX_POWER_OF_TWO) {
          throw pages.damaged(
              keptColumn, firstRow + row, total + " entries at once; read fewer rows");
        }
        offsets[row * length + i + 1] = (int) total;
      }
    }
    return offsets;
  }
}
