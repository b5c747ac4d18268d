package dev.stillhouse.pipeline.extract;

import java.util.Arrays;

/** Selection without a full order. */
final class Select {
  private Select() {}

  /**
   * Moves the k smallest of the first n to the front, the largest of them to k - 1. Quickselect (C.
   * A. R. Hoare: Algorithm 65, Find. CACM 4(7), 1961) with the median of three, and a sort of what
   * is left when a row was made to defeat it.
   *
   * @param values all different, {@code 1 <= k <= n}
   */
  static void smallest(long[] values, int n, int k) {
    int low = 0;
    int high = n - 1;
    for (int rounds = 64 - Long.numberOfLeadingZeros(n); low < high; rounds--) {
      if (rounds == -32) {
        Arrays.sort(values, low, high + 1);
        return;
      }
      long pivot = median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long swapped = values[i];
          values[i++] = values[j];
          values[j--] = swapped;
        }
      }
      if (k - 1 <= j) {
        high = j;
      } else if (k - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
