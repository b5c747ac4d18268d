package dev.stillhouse.storage.layout.adaptive;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Fits a {@link Prior} to the first entries of a shard. */
final class PriorFit {
  /** Min count of an id that is ranked. */
  private static final int MIN_RANKED = 2;

  /** Min count of an id behind a token to be in its list: an entry of a list costs two bytes. */
  private static final int MIN_LISTED = 3;

  /** Min positions of a token that gets a list. */
  private static final int MIN_POSITIONS = 16;

  private final int vocabulary;
  private final List<StatisticsBatch> batches;

  /** Slots of each batch that count. */
  private final int[] slots;

  /**
   * Creates a fit to whole sequences, up to the one that reaches {@code max} entries. How sequences
   * are cut into batches does not matter: the same sequences give the same shard (law 4).
   */
  PriorFit(int vocabulary, List<StatisticsBatch> batches, int max) {
    this.vocabulary = vocabulary;
    this.batches = batches;
    this.slots = new int[batches.size()];
    long entries = 0;
    for (int b = 0; b < slots.length; b++) {
      StatisticsBatch batch = batches.get(b);
      int length = batch.tokens().length();
      while (entries < max && slots[b] < batch.tokens().slots()) {
        int from = slots[b];
        slots[b] += length;
        entries += batch.offsets()[slots[b]] - batch.offsets()[from];
      }
    }
  }

  Prior fit() {
    int[] counts = new int[vocabulary];
    for (int b = 0; b < slots.length; b++) {
      StatisticsBatch batch = batches.get(b);
      for (int e = 0; e < batch.offsets()[slots[b]]; e++) {
        counts[batch.ids()[e]]++;
      }
    }
    int[][] lists = new int[vocabulary][];
    Arrays.fill(lists, new int[0]);
    int[] after = new int[vocabulary];
    for (int[] places : slotsByToken()) {
      if (places.length >= 2 * MIN_POSITIONS) {
        int token = batches.get(places[0]).tokens().tokens()[places[1]];
        lists[token] = list(places, after);
      }
    }
    int[] all = new int[vocabulary];
    Arrays.setAll(all, id -> id);
    return new Prior(most(all, counts, MIN_RANKED, vocabulary), lists);
  }

  /** Returns for each token of the fitted slots its pairs of batch and slot. */
  private List<int[]> slotsByToken() {
    int[] sizes = new int[vocabulary];
    for (int b = 0; b < slots.length; b++) {
      StatisticsBatch batch = batches.get(b);
      for (int i = 0; i < slots[b]; i++) {
        sizes[batch.tokens().tokens()[i]] += segment(batch, i) ? 2 : 0;
      }
    }
    int[][] places = new int[vocabulary][];
    Arrays.setAll(places, token -> new int[sizes[token]]);
    Arrays.fill(sizes, 0);
    for (int b = 0; b < batches.size(); b++) {
      StatisticsBatch batch = batches.get(b);
      for (int i = 0; i < slots[b]; i++) {
        if (segment(batch, i)) {
          int token = batch.tokens().tokens()[i];
          places[token][sizes[token]++] = b;
          places[token][sizes[token]++] = i;
        }
      }
    }
    return Arrays.asList(places);
  }

  private static boolean segment(StatisticsBatch batch, int slot) {
    return batch.tokens().segments()[slot] != TokenBatch.PADDING;
  }

  /** Returns the list for the token of these slots. {@code counts} is all 0 before and after. */
  private int[] list(int[] places, int[] counts) {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < places.length; i += 2) {
      StatisticsBatch batch = batches.get(places[i]);
      for (int e = batch.offsets()[places[i + 1]]; e < batch.offsets()[places[i + 1] + 1]; e++) {
        if (counts[batch.ids()[e]]++ == 0) {
          seen.add(batch.ids()[e]);
        }
      }
    }
    int[] list = most(Ints.toArray(seen), counts, MIN_LISTED, Prior.LONGEST);
    seen.forEach(id -> counts[id] = 0);
    return list;
  }

  /**
   * Returns the most frequent of {@code ids}, the most frequent first.
   *
   * @param min count of an id to be in the result
   * @param longest max length of the result
   */
  private static int[] most(int[] ids, int[] counts, int min, int longest) {
    return Arrays.stream(ids)
        .filter(id -> counts[id] >= min)
        .boxed()
        .sorted(Comparator.<Integer>comparingInt(id -> -counts[id]).thenComparing(id -> id))
        .limit(longest)
        .mapToInt(id -> id)
        .toArray();
  }
}
