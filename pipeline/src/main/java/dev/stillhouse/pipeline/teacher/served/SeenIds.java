package dev.stillhouse.pipeline.teacher.served;

/**
 * The ids of one row, to find one that stands there twice. A table of some hundred slots that all
 * rows use again: an array of the vocabulary's size costs more than a short answer.
 */
final class SeenIds {
  private static final int FIBONACCI = 0x9E3779B9; // spreads consecutive ids

  /** The row's number above, the id below. */
  private long[] slots = new long[256];

  private int row;
  private int count;

  /** Begins the next row. */
  void begin() {
    row++;
    count = 0;
  }

  /** Adds an id; returns false if the row has it already. */
  boolean add(int id) {
    if (2 * count >= slots.length) {
      grow();
    }
    if (!put(id)) {
      return false;
    }
    count++;
    return true;
  }

  private boolean put(int id) {
    int mask = slots.length - 1;
    long key = ((long) row << 32) | id;
    int at = (id * FIBONACCI) >>> Integer.numberOfLeadingZeros(mask);
    while (slots[at] >>> 32 == row) {
      if (slots[at] == key) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = key;
    return true;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long slot : old) {
      if (slot >>> 32 == row) {
        put((int) slot);
      }
    }
  }
}
