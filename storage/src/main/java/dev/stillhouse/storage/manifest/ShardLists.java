package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;

/**
 * All shards of a dataset, in order of sequences: a view that makes the record of a shard on
 * request. What follows from all shards is computed without records. A list that grows shares all
 * its parts but the last with the list it grew from.
 */
final class ShardLists extends AbstractList<ShardRecord> implements RandomAccess {
  private final List<ShardList> lists;

  /** Number of the first shard of each list, and behind the last how many shards there are. */
  private final int[] starts;

  ShardLists(List<ShardList> lists) {
    this.lists = List.copyOf(lists);
    this.starts = new int[lists.size() + 1];
    for (int i = 0; i < lists.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], lists.get(i).shards());
    }
  }

  /** Returns these shards, in lists of the max length. */
  static ShardLists of(List<ShardRecord> shards) {
    return shards instanceof ShardLists already ? already : of(shards, ShardList.MAX_SHARDS);
  }

  /** Returns these shards, in lists of at most {@code max}. */
  static ShardLists of(List<ShardRecord> shards, int max) {
    return new ShardLists(cut(shards, max));
  }

  private static List<ShardList> cut(List<ShardRecord> shards, int max) {
    List<ShardList> lists = new ArrayList<>();
    for (int from = 0; from < shards.size(); from += max) {
      lists.add(ShardList.of(shards.subList(from, Math.min(shards.size(), from + max))));
    }
    return lists;
  }

  /** Returns these shards followed by others, in lists of at most {@code max}. */
  ShardLists plus(List<ShardRecord> added, int max) {
    int whole = lists.size();
    if (whole > 0 && lists.get(whole - 1).shards() < max) {
      whole--;
    }
    List<ShardRecord> rest = new ArrayList<>(subList(starts[whole], size()));
    rest.addAll(added);
    List<ShardList> all = new ArrayList<>(lists.subList(0, whole));
    all.addAll(cut(rest, max));
    return new ShardLists(all);
  }

  /** Returns the lists. */
  List<ShardList> lists() {
    return lists;
  }

  @Override
  public int size() {
    return starts[lists.size()];
  }

  @Override
  public ShardRecord get(int shard) {
    int list = 0;
    while (shard >= starts[list + 1]) {
      list++;
    }
    return lists.get(list).get(shard - starts[list]);
  }

  /** Returns the shard that holds a sequence, which must exist. */
  ShardRecord of(long sequence) {
    int list = 0;
    while (sequence >= lists.get(list).endSequence()) {
      list++;
    }
    ShardList found = lists.get(list);
    int low = 0;
    int high = found.shards() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sequence < found.endSequence(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return found.get(low);
  }

  /** Returns the number of sequences. */
  long sequences() {
    return lists.isEmpty() ? 0 : lists.get(lists.size() - 1).endSequence();
  }

  /** Returns the bytes of all shards. */
  long bytes() {
    long bytes = 0;
    for (ShardList list : lists) {
      for (int row = 0; row < list.shards(); row++) {
        bytes += list.number(ShardColumn.BYTES, row);
      }
    }
    return bytes;
  }

  /** Returns the sums over all positions, added shard after shard. */
  Totals totals() {
    Totals totals = Totals.NONE;
    for (ShardList list : lists) {
      for (int row = 0; row < list.shards(); row++) {
        totals = totals.plus(list.totals(row));
      }
    }
    return totals;
  }

  /**
   * Checks that each shard begins where the one before it ends.
   *
   * @throws dev.stillhouse.storage.DataException if not
   */
  void checkOrder(String blob) {
    long next = 0;
    for (ShardList list : lists) {
      for (int row = 0; row < list.shards(); row++) {
        if (list.number(ShardColumn.FIRST_SEQUENCE, row) != next) {
          throw DataException.of(
              "%s: shard %s starts at sequence %d; %d must come next",
              blob,
              list.hash(ShardColumn.SHA256, row),
              list.number(ShardColumn.FIRST_SEQUENCE, row),
              next);
        }
        next = list.endSequence(row);
      }
    }
  }

  /** Returns the digest of a dataset of this identity with these shards. */
  String digest(Identity identity) {
    HexDigest digest = new HexDigest(identity.hash());
    for (ShardList list : lists) {
      digest.add(list.column(ShardColumn.SHA256), list.shards());
    }
    return digest.hex();
  }

  /** Returns the dataset's fingerprint. */
  String fingerprint() {
    DatasetFingerprint sum = new DatasetFingerprint();
    for (ShardList list : lists) {
      ByteBuffer column = list.column(ShardColumn.FINGERPRINT).duplicate();
      column.order(ByteOrder.BIG_ENDIAN);
      for (int row = 0; row < list.shards(); row++) {
        sum.add(column, row * ShardColumn.FINGERPRINT.width);
      }
    }
    return sum.hex();
  }
}
