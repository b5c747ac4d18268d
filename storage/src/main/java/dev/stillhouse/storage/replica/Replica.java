package dev.stillhouse.storage.replica;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.LinkMeter;
import dev.stillhouse.storage.topology.ReadPlan;
import java.util.List;
import java.util.Optional;

/** A replica and the link to it, as one reader knows it. */
public final class Replica {
  /** What a request over an unknown link is taken to need; a constant factor is learnt. */
  private static final double UNKNOWN_SECONDS = 0.05;

  private static final double UNKNOWN_RATE = 50e6;

  private final BlobStore store;
  private final Optional<LinkMeter> meter;
  private final boolean correct;
  private final CostPolicy policy;
  private final int inFlight;

  /** Creates a replica over an unknown link: no request costs more than another. */
  Replica(BlobStore store) {
    this.store = BookedStore.bare(store);
    this.meter = Optional.empty();
    this.correct = false;
    this.policy = CostPolicy.TIME;
    this.inFlight = Link.IN_FLIGHT;
  }

  /**
   * Creates a replica over a link.
   *
   * @param correct whether measured reads correct the link's figures
   */
  Replica(BlobStore store, Link link, CostPolicy policy, int inFlight, boolean correct) {
    this.store = BookedStore.bare(store);
    this.meter = Optional.of(new LinkMeter(link));
    this.correct = correct;
    this.policy = policy;
    this.inFlight = inFlight;
  }

  BlobStore store() {
    return store;
  }

  /**
   * Returns the requests for some ranges: over a known link those that cost least, else one for
   * each run of ranges that touch.
   */
  ReadPlan plan(List<ByteRange> ranges) {
    return meter
        .map(m -> ReadPlan.of(ranges, m.link(), policy, inFlight))
        .orElseGet(() -> ReadPlan.touching(ranges));
  }

  /** Returns the cost of some requests by the policy; 0 if the link is unknown. */
  double cost(ReadPlan plan) {
    if (meter.isEmpty()) {
      return 0;
    }
    Link link = meter.get().link();
    // What costs the same money is decided by time, and the other way about.
    return policy.cost(plan.seconds(link, inFlight), plan.dollars(link))
        + Math.ulp(1f) * (plan.seconds(link, inFlight) + plan.dollars(link));
  }

  /** Returns the seconds of requests by the link's stated figures; 0 if the link is unknown. */
  double seconds(ReadPlan plan) {
    return meter.map(m -> plan.seconds(m.said(), inFlight)).orElse(0.0);
  }

  /** Returns the seconds that requests are expected to take by what is known of the link. */
  double expectedSeconds(ReadPlan plan) {
    return meter
        .map(m -> plan.seconds(m.link(), inFlight))
        .orElseGet(() -> UNKNOWN_SECONDS + plan.bytes() / UNKNOWN_RATE);
  }

  /** Returns the dollars of requests and bytes; 0 if the link is unknown. */
  double dollars(long requests, long bytes) {
    return meter.map(m -> m.link().dollars((double) requests, (double) bytes)).orElse(0.0);
  }

  /** Corrects the link by a measured read. */
  void observe(ReadPlan plan, double seconds) {
    if (correct) {
      meter.ifPresent(m -> m.observe(plan, inFlight, seconds));
    }
  }

  /** Returns replicas over unknown links, in order of preference. */
  static ImmutableList<Replica> unknown(List<BlobStore> stores) {
    return stores.stream().map(Replica::new).collect(ImmutableList.toImmutableList());
  }
}
