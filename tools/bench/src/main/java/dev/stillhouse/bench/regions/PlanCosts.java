package dev.stillhouse.bench.regions;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.LeastPlan;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.ReadPlan;
import dev.stillhouse.storage.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Compares the requests that a reader sends with the cheapest possible. */
final class PlanCosts {
  private static final int LISTS = 60;
  private static final int MAX_RANGES = 60;

  private PlanCosts() {}

  /** Returns the figures of a policy over one link. */
  static Map<String, Object> of(String name, Link link) {
    CostPolicy policy = CostPolicy.parse(name);
    Random random = new Random(1);
    double sum = 0;
    double worst = 0;
    for (int list = 0; list < LISTS; list++) {
      List<ByteRange> ranges = ranges(random, 1 + random.nextInt(MAX_RANGES));
      ReadPlan plan = ReadPlan.of(ranges, link, policy, Link.IN_FLIGHT);
      double cost = policy.cost(plan.seconds(link, Link.IN_FLIGHT), plan.dollars(link));
      double above = cost / LeastPlan.cost(ranges, link, policy, Link.IN_FLIGHT) - 1;
      sum += above;
      worst = Math.max(worst, above);
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "requests, " + link.store() + " to " + link.reader() + ", " + name);
    row.put("from", link.reader());
    row.put("policy", "requests, " + name);
    row.put("aboveLeast", sum / LISTS);
    row.put("aboveLeastAtWorst", worst);
    return row;
  }

  /** Returns the figures over two oceans. */
  static List<Map<String, Object>> all(Topology topology, List<String> policies) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String policy : policies) {
      rows.add(of(policy, topology.link("iad", "lon")));
      rows.add(of(policy, topology.link("nrt", "fra")));
    }
    return rows;
  }

  /**
   * Returns ranges of which some lie close together, some far apart, as pages of columns of random
   * sequences do.
   */
  private static List<ByteRange> ranges(Random random, int many) {
    List<ByteRange> ranges = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < many; i++) {
      int length = 1 + (int) Math.exp(random.nextDouble() * Math.log(4 << 20));
      ranges.add(new ByteRange(at, length));
      at += length + 1 + (long) Math.exp(random.nextDouble() * Math.log(1 << 26));
    }
    return ranges;
  }
}
