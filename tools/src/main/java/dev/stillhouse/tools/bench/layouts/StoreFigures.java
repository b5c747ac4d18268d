package dev.stillhouse.tools.bench.layouts;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a store was measured at, added up over shards. */
final class StoreFigures {
  final Fidelity fidelity = new Fidelity();
  private final Store store;
  private final Map<Part, Long> parts = new EnumMap<>(Part.class);
  private long positions;
  private double writeSeconds;
  private double readSeconds;
  private long drawn;
  private double drawnSeconds;
  private long batches;
  private long requests;
  private long batchBytes;
  private double sequenceBytes;
  private double sequenceBytesNeeded;
  private long bestBytes;
  private long allBytes;
  private String refusal = "";

  StoreFigures(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  /** Why the store cannot hold these statistics; empty if it can. */
  String refusal() {
    return refusal;
  }

  void refuse(String why) {
    refusal = why;
  }

  void size(long more, Map<Part, Long> bytes) {
    positions += more;
    bytes.forEach((part, count) -> parts.merge(part, count, Long::sum));
  }

  void seconds(double write, double read, int sequences, double ofSequences) {
    writeSeconds += write;
    readSeconds += read;
    drawn += sequences;
    drawnSeconds += ofSequences;
  }

  void batch(Ranges fetched) {
    batches++;
    requests += fetched.requests();
    batchBytes += fetched.bytes();
  }

  void sequence(Ranges fetched, double needed) {
    sequenceBytes += fetched.bytes();
    sequenceBytesNeeded += needed;
  }

  void best(Ranges best, Ranges all) {
    bestBytes += best.bytes();
    allBytes += all.bytes();
  }

  /** By the keys that are promised to programs. */
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
    double entries = 0;
    for (Part part : Part.values()) {
      double each = (double) parts.getOrDefault(part, 0L) / positions;
      switch (part) {
        case IDS, LOG_PROBS -> {
          entries += each;
          if (parts.getOrDefault(Part.ENTRIES, 0L) == 0) { // Else they cannot be told apart.
            row.put(part == Part.IDS ? "idBytesPerPosition" : "logProbBytesPerPosition", each);
          }
        }
        case ENTRIES -> row.put("entryBytesPerPosition", entries + each);
        case REST -> row.put("restBytesPerPosition", each);
        case CONTAINER -> row.put("containerBytesPerPosition", each);
      }
    }
    row.put("largestErrorNats", fidelity.largestError());
    row.put("meanDivergenceNats", fidelity.meanDivergence());
    row.put("bestEightBytesOverAll", (double) bestBytes / allBytes);
    row.put("writtenPositionsPerSecond", positions / writeSeconds);
    row.put("readPositionsPerSecond", positions / readSeconds);
    row.put("randomSequencesPerSecond", drawn / drawnSeconds);
    row.put("requestsPerRandomBatch", (double) requests / batches);
    row.put("bytesPerRandomBatch", (double) batchBytes / batches);
    row.put("randomSequenceBytesOverNeeded", sequenceBytes / sequenceBytesNeeded);
    return row;
  }
}
