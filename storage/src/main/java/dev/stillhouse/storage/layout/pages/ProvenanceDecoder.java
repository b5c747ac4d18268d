package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.parquet.FetchedPages;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.statistics.Provenance;

/** Decodes the provenance of entries: planes of all entries of a row, whatever their rank. */
record ProvenanceDecoder(FetchedPages pages, PageSchema schema) {
  /** Reads the provenance of a row's entries into the columns that {@code into} has. */
  void read(RowEntries at, Provenance into) {
    long entries = at.entries();
    if (into.reasons().length > 0) {
      PlainPage value =
          PlaneValue.exact(pages, 0, schema.provenance(EntryColumn.REASONS), at.row(), entries);
      forEachPosition(
          at,
          (from, to, n) ->
              System.arraycopy(value.array(), value.from() + from, into.reasons(), to, n));
    }
    if (into.counts().length > 0) {
      counts(at, entries, into.counts());
    }
    if (into.logProposals().length > 0) {
      int column = schema.provenance(EntryColumn.LOG_PROPOSAL);
      PlainPage value = PlaneValue.exact(pages, 0, column, at.row(), 4 * entries);
      forEachPosition(
          at,
          (from, to, n) ->
              PlaneBytes.getFloats(value, (int) entries, from, into.logProposals(), to, n));
    }
  }

  private void counts(RowEntries at, long entries, int[] into) {
    int column = schema.provenance(EntryColumn.COUNT);
    PlainPage value = PlaneValue.open(pages, 0, column, at.row(), 1 + 4 * entries);
    if (value.length() == 1 && value.at(0) == 0) {
      return; // All are zero, as the array is: nothing is made on the word of one byte.
    }
    int[] counts = new int[(int) Math.min(entries, value.length())];
    EntryCounts.sized(pages, column, at.row(), value, counts, 0, (int) Math.min(entries, 1 << 30));
    forEachPosition(at, (from, to, n) -> System.arraycopy(counts, from, into, to, n));
  }

  private interface Position {
    void copy(int from, int to, int n);
  }

  private static void forEachPosition(RowEntries at, Position position) {
    int from = 0;
    for (int t = 0; t < at.kept().length; t++) {
      position.copy(from, at.start(t), at.selected(t));
      from += at.kept()[t];
    }
  }
}
