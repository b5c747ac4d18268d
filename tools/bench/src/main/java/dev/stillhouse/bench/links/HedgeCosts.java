package dev.stillhouse.bench.links;

import dev.stillhouse.storage.replica.hedge.HedgeRules;
import dev.stillhouse.storage.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What hedged reads gain and cost, beside the same reads that are not hedged. */
final class HedgeCosts {
  private static final int READERS = 32;
  private static final int MB = 1 << 20;

  /** Reads while every region is slow, and around an outage. */
  private static final int SOME_READS = 4_000;

  private static final double FOR_EVER = Double.POSITIVE_INFINITY;
  private static final double OUTAGE_START = 20;
  private static final double OUTAGE_END = 80;

  private final Topology topology;
  private final int reads;

  /**
   * Creates the costs for a reader in Tokyo, with replicas in Virginia and Frankfurt.
   *
   * @param reads of each percentile
   */
  HedgeCosts(Topology topology, int reads) {
    this.topology = topology;
    this.reads = reads;
  }

  /** Returns runs in which 1 % of the requests take 8 to 40 times as long. */
  List<Map<String, Object>> stragglers() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (double spread : new double[] {0, LinkFaults.TYPICAL_SPREAD}) {
      LinkFaults faults = LinkFaults.seed(1).withSpread(spread).withStragglers(0.01, 8, 40);
      String told = spread == 0 ? "steady first bytes" : "typical first bytes";
      int[][] sizes = {{MB / 16, MB / 16}, {MB, MB}, {8 * MB, 8 * MB}, {MB / 16, 8 * MB}};
      for (int[] size : sizes) {
        String name =
            String.format("stragglers, %d to %d kB, %s", size[0] >> 10, size[1] >> 10, told);
        rows.add(compare(name, reads, () -> run(size[0], size[1], faults, faults)));
      }
      rows.add(
          compare(
              "same store again, 1 MB, " + told,
              reads,
              () ->
                  new HedgeRun(MB, MB, READERS)
                      .replica(topology.link("nrt", "iad"), faults)
                      .again()));
    }
    return rows;
  }

  /** Returns runs in which all regions become slow. */
  List<Map<String, Object>> allSlow() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (double factor : new double[] {3, 10, 40}) {
      for (double from : new double[] {0, 10}) {
        LinkFaults slow =
            LinkFaults.seed(1)
                .withSpread(LinkFaults.TYPICAL_SPREAD)
                .with(Spell.slow(from, FOR_EVER, factor, 1 / factor));
        String name = String.format("all slow by %.0f from %.0f s on", factor, from);
        rows.add(compare(name, SOME_READS, () -> run(MB, MB, slow, slow)));
      }
    }
    return rows;
  }

  /** Returns runs in which the first region goes away for a minute. */
  List<Map<String, Object>> outages() {
    List<Map<String, Object>> rows = new ArrayList<>();
    LinkFaults well = LinkFaults.seed(1).withSpread(LinkFaults.TYPICAL_SPREAD);
    Map<String, Spell> outages = new LinkedHashMap<>();
    outages.put("silent", Spell.silent(OUTAGE_START, OUTAGE_END));
    outages.put("one-way", Spell.oneWay(OUTAGE_START, OUTAGE_END));
    outages.put("refused", Spell.refused(OUTAGE_START, OUTAGE_END));
    outages.put("one byte a second", Spell.slow(OUTAGE_START, OUTAGE_END, 1, 1 / 24.8e6));
    outages.put("silent for ever", Spell.silent(OUTAGE_START, FOR_EVER));
    outages.forEach(
        (name, spell) -> {
          HedgeRun run =
              run(MB, MB, well.with(spell), well).run(4 * SOME_READS, HedgeRules.DEFAULT);
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("name", "outage, " + name);
          row.put("failedReads", run.failures());
          row.put("slowestSeconds", run.percentile(1));
          row.put("extraRequests", run.requests() / (4.0 * SOME_READS) - 1);
          rows.add(row);
        });
    return rows;
  }

  private HedgeRun run(int min, int max, LinkFaults first, LinkFaults second) {
    return new HedgeRun(min, max, READERS)
        .replica(topology.link("nrt", "iad"), first)
        .replica(topology.link("nrt", "fra"), second.seeded(2));
  }

  private static Map<String, Object> compare(String name, int reads, Supplier<HedgeRun> made) {
    HedgeRun without = made.get().run(reads, HedgeRules.NEVER);
    HedgeRun with = made.get().run(reads, HedgeRules.DEFAULT);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("medianSeconds", with.percentile(0.5));
    row.put("p999SecondsWithout", without.percentile(0.999));
    row.put("p999Seconds", with.percentile(0.999));
    row.put("p999WithoutOverWith", without.percentile(0.999) / with.percentile(0.999));
    row.put("extraRequests", (double) with.requests() / without.requests() - 1);
    row.put("extraBytes", (double) with.crossed() / without.crossed() - 1);
    row.put("failedReads", with.failures());
    row.put("bookedOverCrossed", (double) with.booked() / with.crossed());
    return row;
  }
}
