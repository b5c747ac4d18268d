package dev.stillhouse.bench.regions;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadAhead;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.DistantStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Scans a long blob in order over a link, in real time: a request for each read, with as many ahead
 * as the link has slots. The share of the link's rate depends on the length of a request compared
 * with round trip x rate.
 */
final class LinkScan {
  private static final int WAVES = 3;

  private final Topology topology;

  LinkScan(Topology topology) {
    this.topology = topology;
  }

  /** Returns the figures of one link and length of reads. */
  Map<String, Object> of(String from, String store, int readBytes) {
    Link link = topology.link(from, store);
    int reads = WAVES * Link.IN_FLIGHT;
    FixedStore blob = new FixedStore(store, (long) reads * readBytes);
    DistantStore distant = new DistantStore(blob, link, Link.IN_FLIGHT);
    ReaderLocation place = new ReaderLocation(topology, from, store, false);
    ReadContext context =
        new ReadContext(Optional.of(place), CostPolicy.DOLLARS, Link.IN_FLIGHT, Optional.empty());
    ReplicaReader reader = new ReplicaReader(List.of(distant), context, new Ledger());
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < reads; i++) {
      ByteRange range = new ByteRange((long) i * readBytes, readBytes);
      all.add(() -> reader.read(FixedStore.KEY, List.of(range)).get(0).remaining());
    }
    long start = System.nanoTime();
    long bytes = 0;
    try (ReadAhead<Integer> ahead = new ReadAhead<>(all.iterator(), Link.IN_FLIGHT)) {
      while (ahead.hasNext()) {
        bytes += ahead.next();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = link.bytesPerSecond() * Link.IN_FLIGHT; // the store lets as much through
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(
        "name", "scan, " + store + " to " + from + ", reads of " + readBytes / 1_000_000 + " MB");
    row.put("from", from);
    row.put("policy", "scan");
    row.put("readBytes", readBytes);
    row.put("seconds", seconds);
    row.put("bytes", bytes);
    row.put("shareOfLinkRate", bytes / seconds / rate);
    return row;
  }
}
