package dev.stillhouse.pipeline.extract;

/**
 * Finds the k largest of a row of logits: a binary heap of ids with the worst of the kept at its
 * root, so that one comparison rejects nearly every logit. Better is the larger logit, then the
 * lower id.
 */
final class BestLogits {
  private final int[] heap;
  private int size;

  BestLogits(int k) {
    heap = new int[k];
  }

  /**
   * Selects among the first {@code n} logits of {@code row}; -inf is never selected.
   *
   * @return index of the first logit that is NaN or +inf, or -1 if there is none
   */
  int select(float[] row, int n) {
    size = 0;
    // Until the heap is full all but -inf comes in; afterwards only what beats the root. An equal
    // logit has a higher id than the root, since ids ascend, so it does not.
    float bar = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float x = row[i];
      if (x <= bar) {
        continue; // Not so for NaN and +inf, whatever the bar: they cannot slip through.
      }
      if (!(x < Float.POSITIVE_INFINITY)) {
        return i;
      }
      bar = add(row, i);
    }
    return -1;
  }

  /** Returns the number of selected ids: k, or fewer if fewer logits are above -inf. */
  int size() {
    return size;
  }

  /** Writes the selected ids to {@code into}, best first, and empties the heap. */
  int drain(float[] row, int[] into) {
    int count = size;
    for (int rank = count - 1; rank >= 0; rank--) {
      into[rank] = heap[0];
      size--;
      sink(row, heap[size], 0);
    }
    return count;
  }

  /** Adds an id, in place of the root if the heap is full; returns the bar for the next. */
  private float add(float[] row, int id) {
    if (size == heap.length) {
      sink(row, id, 0);
    } else {
      rise(row, id, size++);
    }
    return size == heap.length ? row[heap[0]] : Float.NEGATIVE_INFINITY;
  }

  private void rise(float[] row, int id, int at) {
    while (at > 0) {
      int parent = (at - 1) / 2;
      if (!worse(row, id, heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = id;
  }

  private void sink(float[] row, int id, int at) {
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && worse(row, heap[child + 1], heap[child])) {
        child++;
      }
      if (!worse(row, heap[child], id)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = id;
  }

  private static boolean worse(float[] row, int a, int b) {
    float x = row[a];
    float y = row[b];
    return x < y || (x == y && a > b); // Primitive comparison: -0.0 equals 0.0.
  }
}
