package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.pages.PlaneBytes;
import dev.stillhouse.storage.layout.pages.PlaneValue;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;

/** Replaces log-probs that have no code, after their planes are decoded. */
record EscapeDecoder(FetchedPages pages, int column) {
  /** Reads the escapes of a row: distances between entries, then their floats. */
  void read(RowEntries at, float[] logProbs) {
    long entries = at.entries();
    PlainPage value = PlaneValue.open(pages, 0, column, at.row(), 2L * Integer.BYTES * entries);
    if (value.length() % (2 * Integer.BYTES) != 0) {
      throw pages.damaged(column, at.row(), value.length() + " bytes are no pairs of int32");
    }
    int many = value.length() / (2 * Integer.BYTES);
    long entry = 0;
    long start = 0;
    int t = 0;
    for (int i = 0; i < many; i++) {
      int distance = PlaneBytes.int32(value.array(), value.from() + i * Integer.BYTES);
      entry += distance;
      if (distance < (i == 0 ? 0 : 1) || entry >= entries) {
        throw pages.damaged(column, at.row(), "entry " + entry + " escapes, of " + entries);
      }
      while (entry >= start + at.kept()[t]) {
        start += at.kept()[t++];
      }
      int rank = (int) (entry - start);
      if (rank < at.selected(t)) {
        logProbs[at.start(t) + rank] =
            Float.intBitsToFloat(
                PlaneBytes.int32(value.array(), value.from() + (many + i) * Integer.BYTES));
      }
    }
  }
}
