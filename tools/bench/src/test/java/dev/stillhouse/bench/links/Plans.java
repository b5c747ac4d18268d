package dev.stillhouse.bench.links;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.InFlight;
import dev.stillhouse.storage.topology.ReadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Plans that are sent over a link. */
final class Plans {
  private static final int MAX_BYTES = 3_000_000;

  private Plans() {}

  static ReadPlan random(int requests, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      ranges.add(new ByteRange((long) i * MAX_BYTES, 1 + random.nextInt(MAX_BYTES - 1)));
    }
    return new ReadPlan(ImmutableList.copyOf(ranges));
  }

  /** Sends the requests, longest first, each in the first free slot; returns the last one's end. */
  static double run(VirtualTime time, EmulatedLink link, ReadPlan plan, int inFlight) {
    InFlight slots = new InFlight(inFlight);
    double[] end = {0};
    for (int i : plan.longestFirst()) {
      var unused =
          slots
              .run(() -> link.send(plan.requests().get(i).length()).arrived())
              .whenComplete((n, e) -> end[0] = time.seconds());
    }
    time.runUntilIdle();
    return end[0];
  }
}
