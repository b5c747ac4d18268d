package dev.stillhouse.bench.links;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.LinkMeter;
import dev.stillhouse.storage.topology.ReadPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Chooses among replicas whose links drift, as a reader does: by plans that cost least over links
 * that measured reads correct. An oracle knows the drift. Each read's wait and rate have factors
 * whose logarithms walk at random and tend back to 0. The meter sees first bytes that vary and
 * stragglers too; what is compared is the time by the drift alone, since no choice foresees those.
 */
final class ReplicaChoice {
  private static final double TRACE_SECONDS = 600;

  /** Seconds between two steps of the drift. */
  private static final double STEP_SECONDS = 2;

  /** Share of a logarithm that is left after a step. */
  private static final double KEPT = 0.98;

  private final List<Link> links;
  private final double step;
  private final ReadPlan plan;
  private final LinkFaults faults;

  /**
   * Creates a choice.
   *
   * @param links that drift, by themselves
   * @param step standard deviation of a step of the logarithms; 0.1 makes factors of 1.6 typical
   * @param bytes of each read
   */
  ReplicaChoice(List<Link> links, double step, int bytes) {
    this.links = ImmutableList.copyOf(links);
    this.step = step;
    this.plan = new ReadPlan(ImmutableList.of(new ByteRange(0, bytes)));
    this.faults =
        LinkFaults.seed(11).withSpread(LinkFaults.TYPICAL_SPREAD).withStragglers(0.01, 8, 40);
  }

  /** Returns the time that the chosen replicas take over the oracle's, less 1, over all traces. */
  double regret(int traces) {
    double chosen = 0;
    double best = 0;
    for (int i = 0; i < traces; i++) {
      double[] sums = trace(i);
      chosen += sums[0];
      best += sums[1];
    }
    return chosen / best - 1;
  }

  /** Returns the seconds of the chosen replicas and of the oracle's. */
  private double[] trace(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] now = {0};
    List<LinkMeter> meters = new ArrayList<>();
    for (Link link : links) {
      meters.add(new LinkMeter(link, () -> VirtualTime.nanos(now[0])));
    }
    double[][] logs = new double[links.size()][2];
    double[] sums = new double[2];
    double drifted = 0;
    long read = seed << 32;
    while (now[0] < TRACE_SECONDS) {
      for (; drifted <= now[0]; drifted += STEP_SECONDS) {
        drift(logs, random);
      }
      int choice = cheapest(meters);
      double seconds = plan.seconds(drifted(choice, logs), Link.IN_FLIGHT);
      double least = seconds;
      for (int i = 0; i < links.size(); i++) {
        least = Math.min(least, plan.seconds(drifted(i, logs), Link.IN_FLIGHT));
      }
      sums[0] += seconds;
      sums[1] += least;
      now[0] += seconds;
      LinkFaults.Draw draw = faults.draw(read++);
      double varied = drifted(choice, logs).firstByteSeconds() * (draw.waits() - 1);
      meters.get(choice).observe(plan, Link.IN_FLIGHT, draw.factor() * (seconds + varied));
    }
    return sums;
  }

  private void drift(double[][] logs, SplittableRandom random) {
    double width = step * Math.sqrt(12); // Of a uniform distribution with this deviation.
    for (double[] link : logs) {
      for (int i = 0; i < link.length; i++) {
        link[i] = KEPT * link[i] + width * (random.nextDouble() - 0.5);
      }
    }
  }

  private int cheapest(List<LinkMeter> meters) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < meters.size(); i++) {
      Link link = meters.get(i).link();
      double cost = CostPolicy.TIME.cost(plan.seconds(link, Link.IN_FLIGHT), plan.dollars(link));
      if (cost < least) {
        least = cost;
        best = i;
      }
    }
    return best;
  }

  private Link drifted(int number, double[][] logs) {
    Link link = links.get(number);
    double waits = Math.exp(logs[number][0]);
    double times = Math.exp(logs[number][1]);
    return new Link(
        link.reader(),
        link.store(),
        link.roundTripSeconds() * waits,
        link.firstByteSeconds() * waits,
        link.bytesPerSecond() / times,
        link.machineBytesPerSecond() / times,
        link.dollarsPerByte(),
        link.dollarsPerRequest());
  }
}
