package dev.stillhouse.storage.layout.adaptive;

import java.util.Arrays;

/**
 * Holds which ids a teacher ranks high often, and which after which token. It turns an id at a
 * position into a number that is small if the id was likely there:
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
  /** Max ids of a token's list. */
  static final int LONGEST = 128;

  private final int[] ranked;
  private final int[][] lists;

  /** Rank of each id, or -1. */
  private final int[] rank;

  /**
   * Creates a prior.
   *
   * @param ranked ids, the most frequent first
   * @param lists for each token the ids that often follow it, the most frequent first; empty for
   *     rare tokens
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

  /** Returns the place of an id in {@link #ranked}, or -1. */
  int rank(int id) {
    return rank[id];
  }

  /** Returns the ids that often follow a token. */
  int[] list(int token) {
    return lists[token];
  }

  /**
   * Returns the number of an id at a position.
   *
   * @param places as {@link #placesOf} filled it for the token
   */
  int number(int token, int id, int[] places) {
    int place = places[id];
    if (place > 0) {
      return place - 1;
    }
    int behind = lists[token].length;
    return rank[id] >= 0 ? behind + rank[id] : behind + ranked.length + id;
  }

  /**
   * Writes 1 + its place for each id of a token's list into {@code places}, which is all 0 before.
   */
  void placesOf(int token, int[] places) {
    int[] list = lists[token];
    for (int i = 0; i < list.length; i++) {
      places[list[i]] = i + 1;
    }
  }

  /** Undoes {@link #placesOf}. */
  void forget(int token, int[] places) {
    for (int id : lists[token]) {
      places[id] = 0;
    }
  }

  /** Returns the id of a number; not a valid id if the number has none. */
  int id(int[] list, int number) {
    if (number < list.length) {
      return list[number];
    }
    int behind = number - list.length;
    return behind < ranked.length ? ranked[behind] : behind - ranked.length;
  }
}
