package dev.stillhouse.bench.layouts;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The figures of a store, added up over shards. */
final class StoreFigures {
  final Fidelity fidelity = new Fidelity();
  final Fetches fetches = new Fetches();
  private final Store store;
  private final Map<Part, Long> parts = new EnumMap<>(Part.class);
  private long positions;
  private double writeSeconds;
  private double readSeconds;
  private long drawn;
  private double drawnSeconds;
  private long entries;
  private long tailEntries;
  private double tailBytes;
  private double heapMegabytes;
  private double idsAlone;
  private String refusal = "";

  StoreFigures(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  /** Returns why the store cannot hold these statistics; empty if it can. */
  String refusal() {
    return refusal;
  }

  void refuse(String why) {
    refusal = why;
  }

  void size(long more, long moreEntries, Map<Part, Long> bytes) {
    positions += more;
    entries += moreEntries;
    bytes.forEach((part, count) -> parts.merge(part, count, Long::sum));
  }

  void seconds(double write, double read, int sequences, double ofSequences) {
    writeSeconds += write;
    readSeconds += read;
    drawn += sequences;
    drawnSeconds += ofSequences;
  }

  /** Adds the bytes of the same statistics {@link TailCut cut to their tail}. */
  void tail(long kept, Map<Part, Long> bytes) {
    tailEntries += kept;
    tailBytes += ofEntries(bytes);
  }

  /**
   * Adds the bytes of entries with constant log-probs, for a store that keeps ids and log-probs
   * together.
   */
  void idsAlone(Map<Part, Long> bytes) {
    idsAlone += ofEntries(bytes);
  }

  /** Adds the heap that reading a shard took. */
  void heap(double megabytes) {
    heapMegabytes = Math.max(heapMegabytes, megabytes);
  }

  private static double ofEntries(Map<Part, Long> bytes) {
    return bytes.getOrDefault(Part.IDS, 0L)
        + bytes.getOrDefault(Part.LOG_PROBS, 0L)
        + bytes.getOrDefault(Part.ENTRIES, 0L);
  }

  /** Returns the figures by the keys that are promised to programs. */
  Map<String, Object> figures() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", store.name());
    row.put("kind", store.layout() ? "layout" : "rival");
    if (store.layout()) {
      row.put("layout", store.name());
    }
    row.put("keeps", store.keeps());
    if (!refusal.isEmpty()) {
      row.put("cannotHold", refusal);
      return row;
    }
    double all = parts.values().stream().mapToLong(bytes -> bytes).sum();
    row.put("positions", positions);
    row.put("bytesPerPosition", all / positions);
    parts(row);
    row.put("entryBytesPerEntry", ofEntries(parts) / entries);
    if (tailEntries > 0) {
      row.put("entriesPerPositionByTail", (double) tailEntries / positions);
      row.put("entryBytesPerEntryByTail", tailBytes / tailEntries);
      row.put("byTailOverFixed", tailBytes / tailEntries * entries / ofEntries(parts));
    }
    row.put("largestErrorNats", fidelity.largestError());
    row.put("meanDivergenceNats", fidelity.meanDivergence());
    row.put("writtenPositionsPerSecond", positions / writeSeconds);
    row.put("readPositionsPerSecond", positions / readSeconds);
    row.put("randomSequencesPerSecond", drawn / drawnSeconds);
    if (heapMegabytes > 0) {
      row.put("heapMegabytesToReadShard", heapMegabytes);
    }
    fetches.figures(row, positions);
    return row;
  }

  private void parts(Map<String, Object> row) {
    double ids = parts.getOrDefault(Part.IDS, 0L) + idsAlone;
    row.put("idBytesPerPosition", ids / positions);
    row.put("logProbBytesPerPosition", (ofEntries(parts) - ids) / positions);
    row.put("entryBytesPerPosition", ofEntries(parts) / positions);
    row.put("restBytesPerPosition", (double) parts.getOrDefault(Part.REST, 0L) / positions);
    row.put(
        "containerBytesPerPosition", (double) parts.getOrDefault(Part.CONTAINER, 0L) / positions);
  }
}
