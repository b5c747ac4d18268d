package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench extract}: compares the kernel with a mere read of the same memory, and with other
 * ways to the same statistic. It does not use JMH: the alternatives take turns over a gigabyte in
 * one process, a round is tenths of a second, and a fork for each side would measure the machine's
 * load twice.
 */
@Command(
    name = "extract",
    description = {
      "The kernel's speed as a share of the speed at which memory can be read.",
      "Reads a gigabyte of logits again and again: all sizes take about three minutes, --quick less"
          + " than one. Beside it one thread of the plain twin (the same bits without the Vector"
          + " API), of the definition, and of a PriorityQueue with Math.exp."
    },
    mixinStandardHelpOptions = true)
final class ExtractBench implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--vocabulary",
      arity = "1..*",
      paramLabel = "V",
      description = "Ids in a row (default: 32000 50257 151936 262144).")
  private List<Integer> vocabularies = List.of();

  @Option(
      names = "--k",
      arity = "1..*",
      paramLabel = "K",
      description = "Entries (default: 16 64 256).")
  private List<Integer> ks = List.of();

  @Option(names = "--quick", description = "V = 151936 and k = 64 alone.")
  private boolean quick;

  @Option(
      names = "--megabytes",
      defaultValue = "1100",
      description = "Of logits; far more than the caches hold (default: ${DEFAULT-VALUE}).")
  private int megabytes = 1100;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Rounds; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Override
  public Integer call() throws IOException {
    List<Integer> widths = chosen(vocabularies, 151_936, List.of(32_000, 50_257, 151_936, 262_144));
    List<Integer> kept = chosen(ks, 64, List.of(16, 64, 256));
    check(widths, kept);
    List<Map<String, Object>> rows = new ArrayList<>();
    Report report = Report.of(rows);
    report.head(terminal);
    ExtractTable table = new ExtractTable(terminal);
    table.head();
    LogitBlocks logits = new LogitBlocks(megabytes, Collections.max(widths));
    for (int vocabulary : widths) {
      new ExtractTimes(logits, vocabulary, rounds)
          .all(
              kept,
              time -> {
                table.row(time);
                rows.add(time.figures());
              });
    }
    terminal.result(report);
    return 0;
  }

  private List<Integer> chosen(List<Integer> named, int one, List<Integer> all) {
    return !named.isEmpty() ? named : quick ? List.of(one) : all;
  }

  private void check(List<Integer> widths, List<Integer> kept) {
    int k = Collections.max(kept);
    int narrow = Collections.min(widths);
    boolean wide = Collections.max(widths) > 1 << 22;
    if (Collections.min(kept) < 1 || k > narrow || wide || rounds < 1) {
      throw UsageException.of(
          "need 1 <= --k <= --vocabulary <= 4194304 and --rounds >= 1, but got %s, %s and %d",
          kept, widths, rounds);
    }
    if (megabytes < 1 || megabytes > 8000) {
      throw UsageException.of("--megabytes %d: need 1 .. 8000", megabytes);
    }
  }
}
