package dev.stillhouse.bench.regions;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/** Reads one dataset from one region, and reports what its ledger holds. */
final class Readings {
  private static final int BATCH = 8;
  private static final int BATCHES = 16;
  private static final int EPOCHS = 3;
  private static final long CACHE_BYTES = 1L << 30;

  private final String dataset;
  private final Topology topology;
  private final String home;
  private final String from;

  Readings(String dataset, Topology topology, String home, String from) {
    this.dataset = dataset;
    this.topology = topology;
    this.home = home;
    this.from = from;
  }

  /** A way of reading. */
  private interface Work {
    void on(Dataset opened);
  }

  /** Returns the figures of a policy. */
  Map<String, Object> of(String policy) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "from " + from + ", " + policy);
    row.put("from", from);
    row.put("policy", policy);
    put(row, "epoch", 1, sum(policy, 0, this::epoch));
    put(row, "randomBatch", BATCHES, sum(policy, 0, this::batches));
    Ledger.Entry once = sum(policy, CACHE_BYTES, this::epoch);
    Ledger.Entry often =
        sum(
            policy,
            CACHE_BYTES,
            opened -> {
              for (int i = 0; i < EPOCHS; i++) {
                epoch(opened);
              }
            });
    row.put("bytesOfThreeEpochsOverOne", (double) often.bytes() / once.bytes());
    return row;
  }

  private void epoch(Dataset opened) {
    for (ShardRecord shard : opened.manifest().shards()) {
      for (long first = shard.firstSequence(); first < shard.endSequence(); first += BATCH) {
        opened.read(first, (int) Math.min(BATCH, shard.endSequence() - first), Projection.ALL);
      }
    }
  }

  /** Reads sequences of one shard one by one, with the footer known. */
  private void batches(Dataset opened) {
    Random random = new Random(1);
    List<ShardRecord> shards = opened.manifest().shards();
    for (int i = 0; i < BATCHES; i++) {
      ShardRecord shard = shards.get(random.nextInt(shards.size()));
      long[] rows =
          random
              .longs(shard.firstSequence(), shard.endSequence())
              .distinct()
              .limit(Math.min(BATCH, shard.sequences()))
              .toArray();
      opened.readEach(rows, Projection.ALL);
    }
  }

  private Ledger.Entry sum(String policy, long cacheBytes, Work work) {
    Optional<RangeCache> cache =
        cacheBytes == 0
            ? Optional.empty()
            : Optional.of(new RangeCache(cacheBytes, Optional.empty()));
    ReaderLocation place = new ReaderLocation(topology, from, home, false);
    ReadContext context =
        new ReadContext(Optional.of(place), CostPolicy.parse(policy), Link.IN_FLIGHT, cache);
    try (Dataset opened = Dataset.open(dataset, ReadOptions.DEFAULT.from(context))) {
      if (cache.isEmpty()) {
        footers(opened); // or the cache would have what they came with
      }
      Ledger.Entry before = opened.ledger().sum();
      work.on(opened);
      return opened.ledger().sum().minus(before);
    }
  }

  private static void footers(Dataset opened) {
    opened.readEach(
        opened.manifest().shards().stream()
            .flatMapToLong(shard -> LongStream.of(shard.firstSequence()))
            .toArray(),
        new Projection(Projection.ALL.columns(), 1));
  }

  private static void put(Map<String, Object> row, String what, int times, Ledger.Entry entry) {
    row.put(what + "Requests", (double) entry.requests() / times);
    row.put(what + "Bytes", (double) entry.bytes() / times);
    row.put(what + "Seconds", entry.linkSeconds() / times);
    row.put(what + "Dollars", entry.dollars() / times);
  }

  /**
   * Returns the figures of the usual ways: home alone, and whole files, one after the other, or all
   * before the first.
   */
  List<Map<String, Object>> others() {
    Link link = topology.link(from, home);
    try (Dataset opened = Dataset.open(dataset)) {
      List<ShardRecord> shards = opened.manifest().shards();
      double all = shards.stream().mapToLong(shard -> shard.blob().bytes()).sum();
      double one = all / shards.size();
      List<Map<String, Object>> rows = new ArrayList<>();
      rows.add(other("naive", link, 1, shards.size(), all, 1, one));
      rows.add(other("copy first", link, Link.IN_FLIGHT, shards.size(), all, 0, 0));
      return rows;
    }
  }

  private Map<String, Object> other(
      String how, Link link, int inFlight, int files, double all, int batchFiles, double batch) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "from " + from + ", " + how);
    row.put("from", from);
    row.put("policy", how);
    row.put("epochRequests", (double) files);
    row.put("epochBytes", all);
    row.put("epochSeconds", link.seconds(files, all, Math.min(inFlight, files)));
    row.put("epochDollars", link.dollars(files, all));
    row.put("randomBatchRequests", (double) batchFiles);
    row.put("randomBatchBytes", batch);
    row.put("randomBatchSeconds", batchFiles == 0 ? 0 : link.seconds(1, batch, 1));
    row.put("randomBatchDollars", link.dollars(batchFiles, batch));
    return row;
  }
}
