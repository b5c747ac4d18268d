package dev.stillhouse.bench.layouts;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.util.Locale;
import java.util.Map;

/**
 * Adds up over shards what must be fetched of a store's files, and computes what an epoch of
 * {@value #EPOCH} positions takes over two links. All follows the store's own ranges, of which
 * those that touch are one request; gaps are not read through. A shard's footer is a request, once
 * an epoch. <em>In order</em> a shard is its runs of ranges. <em>Shuffled</em> every sequence is
 * fetched by itself, neighbours or not, and other bytes that come with it are thrown away.
 */
final class Fetches {
  static final long EPOCH = 1_000_000_000;

  /** Links of 75 and 233 ms, reader's region first. */
  static final ImmutableList<Link> LINKS =
      ImmutableList.of(
          Topology.bundled().link("iad", "lon"), Topology.bundled().link("fra", "nrt"));

  private long batches;
  private Ranges ofBatches = new Ranges(0, 0);
  private Ranges ofSequences = new Ranges(0, 0);
  private double needed;
  private Ranges ofBest = new Ranges(0, 0);
  private Ranges ofAll = new Ranges(0, 0);
  private Ranges ofFooters = new Ranges(0, 0);

  /** Adds a random batch. */
  void batch(Ranges fetched) {
    batches++;
    ofBatches = ofBatches.plus(fetched);
  }

  /**
   * Adds one sequence.
   *
   * @param bytes that it needs
   */
  void sequence(Ranges fetched, double bytes) {
    ofSequences = ofSequences.plus(fetched);
    needed += bytes;
  }

  /** Adds a whole shard: everything; the best entries alone; and its footer. */
  void shard(Ranges all, Ranges best, long footer) {
    ofAll = ofAll.plus(all);
    ofBest = ofBest.plus(best);
    ofFooters = ofFooters.plus(new Ranges(1, footer));
  }

  /** Returns the link's name in keys, as {@code 75ms}. */
  static String name(Link link) {
    return String.format(Locale.ROOT, "%.0fms", 1e3 * link.roundTripSeconds());
  }

  /**
   * Adds the figures to a row.
   *
   * @param positions of all shards
   */
  void figures(Map<String, Object> row, long positions) {
    if (ofAll.bytes() == 0) {
      return; // The store does not tell its ranges.
    }
    row.put("bestEightBytesOverAll", (double) ofBest.bytes() / ofAll.bytes());
    row.put("requestsPerRandomBatch", (double) ofBatches.requests() / batches);
    row.put("bytesPerRandomBatch", (double) ofBatches.bytes() / batches);
    row.put("randomSequenceBytesOverNeeded", ofSequences.bytes() / needed);
    row.put("epochPositions", EPOCH);
    double times = (double) EPOCH / positions;
    for (Link link : LINKS) {
      epoch(row, "epoch", ofAll.plus(ofFooters), times, link);
      epoch(row, "shuffledEpoch", ofSequences.plus(ofFooters), times, link);
    }
  }

  private static void epoch(
      Map<String, Object> row, String key, Ranges once, double times, Link link) {
    double requests = times * once.requests();
    double bytes = times * once.bytes();
    row.put(key + "SecondsAt" + name(link), link.seconds(requests, bytes, Link.IN_FLIGHT));
    row.put(key + "DollarsAt" + name(link), link.dollars(requests, bytes));
  }
}
