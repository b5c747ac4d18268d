package dev.stillhouse.storage.layout.adaptive;

import java.util.Arrays;

/**
 * Which ids a teacher says often, and which after which token. It makes of an id at a position a
 * number that is small where the id was to be expected:
 *
 * <pre>
 * number := place of the id in the list of the position's own token, if it has one and the id is in it
 *         | length of that list + rank of the id, if it is ranked
 *         | length of that list + how many ids are ranked + the id
 * </pre>
 *
 * Immutable.
 */
final class Prior {
  /** Most ids of a token's list. */
  static final int LONGEST = 128;

  private final int[] ranked;
  private final int[][] lists;

  /** Rank of each id, or -1. */
  private final int[] rank;

  /**
   * A prior.
   *
   * @param ranked ids, the most frequent first
   * @param lists for each token the ids that stand often after it, the most frequent first; empty
   *     for tokens that are rare
   */
  Prior(int[] ranked, int[][] lists) {
    this.ranked = ranked;
    this.lists = lists;
    this.rank = new int[lists.length];
    Arrays.fill(rank, -1);
    for (int i = 0; i < ranked.length; i++) {
      rank[ranked[i]] = i;
    }
  }

  int vocabulary() {
    return lists.length;
  }

  int[] ranked() {
    return ranked;
  }

  /** Where an id stands among {@link #ranked}, or -1. */
  int rank(int id) {
    return rank[id];
  }

  /** The ids that stand often after a token. */
  int[] list(int token) {
    return lists[token];
  }

  /** The number of an id of which {@link #placesOf} has said where it stands in a list. */
  int number(int token, int id, int[] places) {
    int place = places[id];
    if (place > 0) {
      return place - 1;
    }
    int behind = lists[token].length;
    return rank[id] >= 0 ? behind + rank[id] : behind + ranked.length + id;
  }

  /** Writes 1 + its place for each id of a token's list into {@code places}, which is all 0. */
  void placesOf(int token, int[] places) {
    int[] list = lists[token];
    for (int i = 0; i < list.length; i++) {
      places[list[i]] = i + 1;
    }
  }

  /** Takes back what {@link #placesOf} wrote. */
  void forget(int token, int[] places) {
    for (int id : lists[token]) {
      places[id] = 0;
    }
  }

  /** The id of a number, or a number that is no id if there is none. */
  int id(int[] list, int number) {
    if (number < list.length) {
      return list[number];
    }
    int behind = number - list.length;
    return behind < ranked.length ? ranked[behind] : behind - ranked.length;
  }
}
