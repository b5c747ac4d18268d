package dev.stillhouse.bench.links;

import dev.stillhouse.bench.regions.FixedStore;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.hedge.HedgeRules;
import dev.stillhouse.storage.replica.hedge.HedgedReads;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Answer;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Candidate;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Check;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Tried;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.topology.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Reads over emulated links by {@link HedgedReads}: a number of readers, each of which begins its
 * next read when it has one.
 */
final class HedgeRun {
  private static final int BLOB_BYTES = 16 << 20;

  private final VirtualTime time = new VirtualTime();
  private final EmulatedNetwork network = new EmulatedNetwork(time);
  private final List<EmulatedLink> links = new ArrayList<>();
  private final List<BlobStore> stores = new ArrayList<>();
  private final SplittableRandom sizes = new SplittableRandom(1);
  private final int minBytes;
  private final int maxBytes;
  private final int readers;
  private double[] seconds = {};
  private int begun;
  private int ended;
  private int failed;
  private long booked;

  /**
   * Creates a run.
   *
   * @param minBytes of a read; the logarithms of the sizes are uniform
   * @param maxBytes of a read
   * @param readers reads that are under way at once
   */
  HedgeRun(int minBytes, int maxBytes, int readers) {
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
    this.readers = readers;
  }

  /** Adds a replica; the first is preferred. */
  HedgeRun replica(Link stated, LinkFaults faults) {
    EmulatedLink link = new EmulatedLink(network, stated, faults);
    links.add(link);
    stores.add(
        new EmulatedStore(new FixedStore(stated.store(), BLOB_BYTES), link, Integer.MAX_VALUE));
    return this;
  }

  /** Adds the last replica once more: the same store over another connection. */
  HedgeRun again() {
    links.add(links.get(links.size() - 1));
    stores.add(stores.get(stores.size() - 1));
    return this;
  }

  private List<Candidate> candidates(int bytes) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      Link link = links.get(i).stated();
      double rate = Math.min(link.bytesPerSecond(), link.machineBytesPerSecond() / readers);
      double wait = link.roundTripSeconds() + link.firstByteSeconds();
      all.add(new Candidate(stores.get(i), wait + bytes / rate));
    }
    return all;
  }

  /** Reads a number of ranges, and returns this. */
  HedgeRun run(int reads, HedgeRules rules) {
    seconds = new double[reads];
    HedgedReads hedged = new HedgedReads(time, rules);
    for (int i = 0; i < Math.min(readers, reads); i++) {
      next(hedged);
    }
    time.runUntilIdle();
    Arrays.sort(seconds);
    return this;
  }

  private void next(HedgedReads hedged) {
    int number = begun++;
    double start = time.seconds();
    int bytes = (int) (minBytes * Math.pow((double) maxBytes / minBytes, sizes.nextDouble()));
    CompletableFuture<Answer> read =
        hedged.read(
            FixedStore.KEY,
            new ByteRange(0, bytes),
            candidates(bytes),
            Check.NONE,
            HedgedReads.Booking.NONE);
    var unused =
        read.whenComplete(
            (answer, error) -> {
              seconds[number] = time.seconds() - start;
              ended++;
              failed += error == null ? 0 : 1;
              booked += answer == null ? 0 : crossed(answer);
              if (begun < seconds.length) {
                next(hedged);
              }
            });
  }

  private static long crossed(Answer answer) {
    return answer.tried().stream().mapToLong(Tried::crossed).sum();
  }

  /** Returns the seconds that a share of the reads do not exceed. */
  double percentile(double share) {
    return seconds[(int) Math.ceil(share * seconds.length) - 1];
  }

  /** Returns the virtual seconds of the whole run. */
  double total() {
    return time.seconds();
  }

  /** Returns the reads that no replica served. */
  int failures() {
    return failed + begun - ended;
  }

  /** Returns the requests that have not ended. */
  long open() {
    return links.stream().distinct().mapToLong(link -> link.crossings().open()).sum();
  }

  /** Returns the requests that were sent. */
  long requests() {
    return links.stream().distinct().mapToLong(link -> link.crossings().requests()).sum();
  }

  /** Returns the bytes that crossed. */
  long crossed() {
    return links.stream().distinct().mapToLong(link -> link.crossings().bytes()).sum();
  }

  /** Returns the bytes that the answers say crossed. */
  long booked() {
    return booked;
  }
}
