package dev.stillhouse.bench.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.DistantStore;
import dev.stillhouse.storage.topology.Link;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures a student across a link whose round trip and rate are injected in real time: the rate of
 * batches when it takes them as they come, and how long it waits when it takes them at half that
 * rate.
 */
final class LinkStall {
  private static final int BATCH = 8;

  /** Positions, enough that what is read ahead at the start does not count. */
  private static final long POSITIONS = 4_000_000;

  private final Path path;
  private final Link link;

  LinkStall(Path path, Link link) {
    this.path = path;
    this.link = link;
  }

  Map<String, Object> measure(String shuffle) {
    double[] fast = run(shuffle, 0);
    double[] paced = run(shuffle, fast[0] / 2);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(
        "name", "over " + Math.round(link.roundTripSeconds() * 1000) + " ms, shuffle " + shuffle);
    row.put("positionsPerSecond", fast[0]);
    row.put("firstBatchSeconds", fast[1]);
    row.put("pacedPositionsPerSecond", paced[0]);
    row.put("stallSeconds", paced[2]);
    row.put("stallShareAtHalf", paced[3]);
    return row;
  }

  /**
   * Runs some epochs at a rate.
   *
   * @param rate positions a second that the student takes; 0 for as many as come
   * @return positions a second, seconds of the first batch, seconds of stall, their share
   */
  private double[] run(String shuffle, double rate) {
    ImmutableList<BlobStore> stores =
        ImmutableList.of(new DistantStore(BlobStores.open(path.toString()), link, Link.IN_FLIGHT));
    try (Dataset dataset = Dataset.of(path.toString(), stores, ReadContext.ANYWHERE);
        StudentLoader loader =
            StudentLoader.open(dataset)
                .batch(BATCH)
                .shuffle(shuffle)
                .epochs(1 + POSITIONS / dataset.manifest().totals().positions())
                .start()) {
      int length = dataset.manifest().sequenceLength();
      long positions = loader.next().sequences().length * (long) length;
      long start = System.nanoTime();
      long taken = 0;
      while (loader.hasNext()) {
        sleepUntil(start, rate == 0 ? 0 : taken / rate);
        taken += loader.next().sequences().length * (long) length;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new double[] {
        (taken == 0 ? positions : taken) / seconds,
        loader.firstWait(),
        loader.stallSeconds(),
        loader.stallSeconds() / seconds
      };
    }
  }

  private static void sleepUntil(long start, double seconds) {
    long left = start + (long) (seconds * 1e9) - System.nanoTime();
    if (left > 0) {
      try {
        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DataException("interrupted while a link was measured", e);
      }
    }
  }
}
