package dev.stillhouse.bench.regions;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.bench.Report;
import dev.stillhouse.bench.report.Markup;
import dev.stillhouse.bench.report.Page;
import dev.stillhouse.bench.report.StackedBars;
import dev.stillhouse.cli.commands.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code bench regions --report}: writes the figures of a run as one HTML file. */
final class RegionsPage {
  private static final ImmutableList<String> POLICIES =
      ImmutableList.of("time", "dollars", "naive");

  private RegionsPage() {}

  static String html(List<Map<String, Object>> rows, Report.Machine machine) throws IOException {
    String lead =
        Terminal.text(
            "minigpt's statistics of Moby-Dick's held-out part, home in iad, a replica in fra; %s,"
                + " JDK %s. Seconds are by the topology's arithmetic, a reader that waits for each"
                + " batch of 8 sequences.",
            machine.cpu(), machine.jdk());
    Page page = new Page("What it costs to read a teacher from another region", lead);
    List<Markup> charts = new ArrayList<>();
    for (String policy : POLICIES) {
      charts.add(chart(rows, policy));
    }
    page.section("A random batch of 8 sequences, from Tokyo", Page.charts(charts));
    page.section("All figures", table(rows));
    page.section(
        "How it was measured",
        Page.list(
            List.of(
                "Every reading is real, of files on this machine; its ledger tells bytes and"
                    + " requests, the topology prices and distances.",
                "A random batch: 8 sequences of one shard whose footer is known, mean of 16.",
                "naive: home alone, one whole file after the other, nothing is kept.",
                "copy first: all files of home, 16 at once, before the first batch.",
                "above the least: what the requests for 60 lists of up to 60 ranges cost over what"
                    + " no plan can cost less than, by dynamic programs.",
                "checks in a local read: CPU time of all checksums over that of reading, checking"
                    + " and decoding whole shards from files, on one thread.",
                "bytes of 3 epochs over 1: bytes that come for three epochs through a cache, over those of one.")));
    return page.html();
  }

  private static Markup chart(List<Map<String, Object>> rows, String policy) {
    StackedBars bars = new StackedBars("milliseconds", List.of("by the topology's arithmetic"));
    for (Map<String, Object> row : rows) {
      if ("nrt".equals(row.get("from")) && POLICIES.contains(row.get("policy"))) {
        double milliseconds = RegionsTable.number(row, "randomBatchSeconds") * 1000;
        bars.reach(milliseconds); // One scale for all policies: they are there to be compared.
        if (policy.equals(row.get("policy"))) {
          bars.bar(String.valueOf(row.get("layout")), List.of(milliseconds));
        }
      }
    }
    return Page.figure("Policy: " + policy, "milliseconds a batch, by layout", bars.draw());
  }

  private static Markup table(List<Map<String, Object>> rows) {
    List<String> heads =
        List.of(
            "reading",
            "layout",
            "epoch, MB",
            "requests",
            "seconds",
            "dollars",
            "batch, MB",
            "requests",
            "seconds",
            "bytes of 3 epochs over 1",
            "share of the link's rate",
            "above the least",
            "at worst",
            "checks in a local read");
    List<String> keys =
        List.of(
            "epochBytes",
            "epochRequests",
            "epochSeconds",
            "epochDollars",
            "randomBatchBytes",
            "randomBatchRequests",
            "randomBatchSeconds",
            "bytesOfThreeEpochsOverOne",
            "shareOfLinkRate",
            "aboveLeast",
            "aboveLeastAtWorst",
            "shareOfScan");
    List<String> formats =
        List.of(
            "%.2f",
            "%,.0f", "%.2f", "%.6f", "%.3f", "%.1f", "%.3f", "%.2f", "%.2f", "%.3f", "%.3f",
            "%.3f");
    List<List<String>> cells = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      List<String> line = new ArrayList<>();
      line.add(String.valueOf(row.get("name")));
      line.add(String.valueOf(row.getOrDefault("layout", "")));
      for (int i = 0; i < keys.size(); i++) {
        double value = RegionsTable.number(row, keys.get(i));
        double shown = keys.get(i).endsWith("Bytes") ? value / 1e6 : value;
        line.add(Double.isNaN(value) ? "" : Terminal.text(formats.get(i), shown));
      }
      cells.add(line);
    }
    return Page.table(heads, cells);
  }
}
