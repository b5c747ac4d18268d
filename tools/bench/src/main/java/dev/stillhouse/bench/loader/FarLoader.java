package dev.stillhouse.bench.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.bench.links.Crossings;
import dev.stillhouse.bench.links.EmulatedLink;
import dev.stillhouse.bench.links.EmulatedNetwork;
import dev.stillhouse.bench.links.EmulatedStore;
import dev.stillhouse.bench.links.LinkFaults;
import dev.stillhouse.bench.links.VirtualCores;
import dev.stillhouse.bench.links.VirtualTime;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.topology.Link;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An epoch over a link, in virtual time: the loader, its bytes and its requests are real, a step is
 * decoded in a constant time on two cores. Beside it the same loader on local files, and the usual
 * ways: copy everything first, and read whole files one after the other.
 */
final class FarLoader {
  private static final int BATCH = 8;
  private static final int CORES = 2;

  /** Requests that the store takes at a time. */
  private static final int SLOTS = 512;

  /** Positions that a core decodes in a second: what {@code planes} does here. */
  private static final double DECODED = 1_000_000;

  private final Path path;
  private final String layout;

  FarLoader(Path path, String layout) {
    this.path = path;
    this.layout = layout;
  }

  /** A store that is near while the dataset is opened, and then far. */
  private static final class Moving extends ForwardingStore {
    private final BlobStore away;
    boolean far;

    Moving(BlobStore near, BlobStore away) {
      super(near);
      this.away = away;
    }

    @Override
    public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
      return (far ? away : store).read(key, ranges);
    }
  }

  /** An epoch: its seconds, seconds until the first batch, and what crossed. */
  private record Epoch(double seconds, double first, Crossings crossed) {}

  /** Returns the figures of an order over a link. */
  Map<String, Object> measure(Link link, String shuffle, long aheadBytes) {
    Link local = new Link("here", "here", 0, 0, 1e12, 1e12, 0, 0);
    Epoch near = epoch(local, shuffle, aheadBytes);
    Epoch far = epoch(link, shuffle, aheadBytes);
    long bytes;
    long positions;
    double copied;
    double inTurn;
    try (Dataset dataset = Dataset.open(path.toString())) {
      bytes = dataset.manifest().bytes();
      positions = dataset.manifest().totals().positions();
      List<Long> files = dataset.manifest().shards().stream().map(s -> s.blob().bytes()).toList();
      copied = copy(link, files, Link.IN_FLIGHT) + near.seconds;
      double decode = positions / DECODED / CORES;
      inTurn = Math.max(copy(link, files, 1), decode);
    }
    double steady = far.seconds - far.first;
    double rate = Math.min(link.machineBytesPerSecond(), SLOTS * link.bytesPerSecond());
    double best = Math.max(near.seconds - near.first, bytes / rate);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(
        "name",
        String.format(
            "far: %s, %.0f ms, %s, %.0f MB in %.0f MB",
            layout, link.roundTripSeconds() * 1e3, shuffle, bytes / 1e6, aheadBytes / 1e6));
    row.put("seconds", far.seconds);
    row.put("firstBatchSeconds", far.first);
    // Of a short epoch, beginning and end are all there is.
    row.put(bytes > 2 * aheadBytes ? "shareOfLong" : "shareOfShort", best / steady);
    row.put("copyFirstOverOurs", copied / far.seconds);
    row.put("wholeFilesOverOurs", inTurn / far.seconds);
    row.put("bytesOverDataset", (double) far.crossed.bytes() / bytes);
    row.put("requests", far.crossed.requests());
    return row;
  }

  private Epoch epoch(Link link, String shuffle, long aheadBytes) {
    VirtualTime time = new VirtualTime();
    EmulatedNetwork network = new EmulatedNetwork(time);
    EmulatedLink emulated = new EmulatedLink(network, link, LinkFaults.NONE);
    BlobStore near = BlobStores.open(path.toString());
    Moving store = new Moving(near, new EmulatedStore(near, emulated, SLOTS));
    try (Dataset dataset =
        Dataset.of(path.toString(), ImmutableList.of(store), ReadContext.ANYWHERE)) {
      store.far = true;
      double stepSeconds = BATCH * dataset.sequenceLength() / DECODED;
      try (StudentLoader loader =
          StudentLoader.open(dataset)
              .batch(BATCH)
              .shuffle(shuffle)
              .ahead(aheadBytes)
              .emulated(time, new VirtualCores(time, CORES, stepSeconds))
              .start()) {
        loader.next();
        double first = time.seconds();
        loader.forEachRemaining(batch -> {});
        return new Epoch(time.seconds(), first, emulated.crossings());
      }
    }
  }

  /** Returns the seconds until whole files are there, {@code atOnce} at a time. */
  private static double copy(Link link, List<Long> files, int atOnce) {
    VirtualTime time = new VirtualTime();
    EmulatedLink emulated = new EmulatedLink(new EmulatedNetwork(time), link, LinkFaults.NONE);
    List<Long> left = new ArrayList<>(files);
    for (int i = 0; i < atOnce; i++) {
      time.after(0, () -> copyNext(emulated, left));
    }
    time.runUntilIdle();
    return time.seconds();
  }

  private static void copyNext(EmulatedLink link, List<Long> left) {
    if (!left.isEmpty()) {
      var unused = link.send(left.remove(0)).arrived().thenRun(() -> copyNext(link, left));
    }
  }
}
