package dev.stillhouse.pipeline.teacher.ngram;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.storage.DataException;
import java.util.Arrays;

/**
 * The continuations of each context of one length, with counts: one level of the count trie.
 *
 * @param starts entries of context c are {@code starts[c] .. starts[c+1]-1}
 * @param ids token that followed, ascending within a context
 * @param counts how often it did, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // Tables: never compared, never keys.
record Continuations(int[] starts, int[] ids, int[] counts) {
  /** Returns the index of the entry of {@code id} after context {@code context}, or -1. */
  int find(int context, int id) {
    return Math.max(-1, Arrays.binarySearch(ids, starts[context], starts[context + 1], id));
  }

  /** Returns the number of different tokens after a context. */
  int kinds(int context) {
    return starts[context + 1] - starts[context];
  }

  /** Returns how often a context was followed by a token. */
  int total(int context) {
    int total = 0;
    for (int e = starts[context]; e < starts[context + 1]; e++) {
      total += counts[e];
    }
    return total;
  }

  /**
   * Checks what a model relies on.
   *
   * @param name of this table, for the message
   * @param contextCounts how often each context occurred: it is followed at most as often
   */
  void check(String name, int[] contextCounts, int vocabulary) {
    int contexts = contextCounts.length;
    if (starts[0] != 0 || starts[contexts] != ids.length) {
      throw damaged(
          "%s: starts go from %d to %d, need 0 to %d, the number of entries",
          name, starts[0], starts[contexts], ids.length);
    }
    for (int c = 0; c < contexts; c++) {
      if (starts[c] > starts[c + 1] || starts[c + 1] > ids.length) {
        throw damaged(
            "%s: starts of context %d are %d and %d, need ascending up to %d",
            name, c, starts[c], starts[c + 1], ids.length);
      }
      checkContext(name, c, contextCounts[c], vocabulary);
    }
  }

  private void checkContext(String name, int context, int contextCount, int vocabulary) {
    int before = -1;
    long total = 0;
    for (int e = starts[context]; e < starts[context + 1]; e++) {
      if (ids[e] <= before || ids[e] >= vocabulary) {
        throw damaged(
            "%s: after context %d, id %d follows id %d, need ascending and below %d",
            name, context, ids[e], before, vocabulary);
      }
      if (counts[e] < 1) {
        throw damaged("%s: entry %d has count %d, need >= 1", name, e, counts[e]);
      }
      before = ids[e];
      total += counts[e];
    }
    if (total > contextCount) {
      throw damaged(
          "%s: context %d was seen %d times, but was followed %d times",
          name, context, contextCount, total);
    }
  }

  @FormatMethod
  private static DataException damaged(@FormatString String format, Object... arguments) {
    return new DataException(
        "ngram model is damaged: " + String.format(format, arguments) + "; prepare it again");
  }
}
