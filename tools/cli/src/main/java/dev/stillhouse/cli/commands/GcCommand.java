package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.retention.Garbage;
import dev.stillhouse.storage.dataset.retention.GarbageCollector;
import dev.stillhouse.storage.dataset.retention.Retention;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gc}: removes what no version of a dataset needs. */
@Command(
    name = "gc",
    description = "Shows or removes what no version of a dataset needs.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse gc my-dataset",
      "  stillhouse gc my-dataset --keep 3 --delete",
      "",
      "Without --delete it only tells. Every version stays, unless --keep says how",
      "many of the newest; so does a version that is pinned (stillhouse pin), and one",
      "that was the newest less than --grace ago. What is younger than --grace stays,",
      "as does what a stopped extraction can go on from. Exit code 1 if a region",
      "could not be asked or cleaned; the others are done."
    })
public final class GcCommand implements Callable<Integer> {
  private static final int MAX_SHOWN = 10;
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");

  @Mixin private Terminal terminal = new Terminal();
  @Mixin private PricingOptions pricing = new PricingOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Remove all but the newest N versions (default: keep every version).")
  private @Nullable Integer keep;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "What is younger stays: 90s, 30m, 24h, 7d (default: ${DEFAULT-VALUE}).",
      defaultValue = "24h")
  private String grace = "24h";

  @Option(names = "--delete", description = "Remove it; without this it is only listed.")
  private boolean delete;

  /** The result; its keys are promised to programs. */
  record Result(
      boolean deleted,
      Collection<Long> versions,
      long blobs,
      long bytes,
      List<Garbage.Item> garbage,
      long unfinished,
      List<String> unknown,
      List<String> doubts,
      Map<String, String> failed) {}

  @Override
  public Integer call() throws IOException {
    Retention retention = retention();
    pricing.check();
    try (Dataset opened = Dataset.open(dataset)) {
      pricing.price(opened.ledger(), opened.regionList().home());
      GarbageCollector collector =
          new GarbageCollector(
              opened.regions(), opened.ledger(), retention, InstantSource.system());
      Garbage garbage = collector.find();
      Garbage.Removed removed =
          delete
              ? collector.delete(garbage)
              : new Garbage.Removed(garbage.items().size(), garbage.bytes(), Map.of());
      Map<String, String> failed = new TreeMap<>(garbage.unreachable());
      failed.putAll(removed.failed());
      tell(garbage, removed);
      failed.forEach((region, why) -> terminal.say("FAILED in region %s: %s", region, why));
      RunSummary.tell(terminal, dataset, opened.ledger(), List.of());
      terminal.result(
          new Result(
              delete,
              garbage.versions(),
              removed.copies(),
              removed.bytes(),
              garbage.items(),
              garbage.unfinished(),
              garbage.unknown(),
              garbage.doubts(),
              failed),
          opened.ledger());
      return failed.isEmpty() ? 0 : 1;
    }
  }

  private Retention retention() {
    if (keep != null && keep < 1) {
      throw UsageException.of("--keep %d: the newest version always stays; need 1 or more", keep);
    }
    Matcher matcher = TIME.matcher(grace);
    if (!matcher.matches()) {
      throw UsageException.of(
          "--grace '%s': need a whole number and s, m, h or d, as in 24h",
          grace.length() > 40 ? grace.substring(0, 40) + "..." : grace);
    }
    String iso = matcher.group(2).equals("d") ? "P%sD" : "PT%s" + matcher.group(2);
    Duration time = Duration.parse(Terminal.text(iso, matcher.group(1)).toUpperCase(Locale.ROOT));
    return new Retention(keep == null ? Retention.ALL : keep, time);
  }

  private void tell(Garbage garbage, Garbage.Removed removed) {
    garbage.doubts().forEach(doubt -> terminal.say("%s", doubt));
    for (Garbage.Item item : most(garbage.items())) {
      terminal.say("region %s: %s (%s)", item.region(), item.key(), Terminal.bytes(item.bytes()));
    }
    more(garbage.items());
    if (!garbage.unknown().isEmpty()) {
      terminal.say("not known to this release, so it stays:");
      most(garbage.unknown()).forEach(key -> terminal.say("  region %s", key));
      more(garbage.unknown());
    }
    if (garbage.unfinished() > 0) {
      terminal.say(
          "%,d blobs stay for work that was begun and not committed; run it again to its end, or"
              + " remove %s/work to give it up",
          garbage.unfinished(), dataset);
    }
    if (garbage.items().isEmpty()) {
      terminal.say("nothing to remove");
    } else {
      terminal.say(
          "%s: %,d (%s)%s%s",
          delete ? "blobs removed" : "blobs to remove",
          removed.copies(),
          Terminal.bytes(removed.bytes()),
          garbage.versions().isEmpty() ? "" : "; versions that go: " + versions(garbage),
          delete ? "" : "; --delete does it");
    }
  }

  private static String versions(Garbage garbage) {
    return garbage.versions().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static <T> List<T> most(List<T> all) {
    return all.subList(0, Math.min(MAX_SHOWN, all.size()));
  }

  private void more(List<?> all) {
    if (all.size() > MAX_SHOWN) {
      terminal.say("... and %,d more (--json tells all)", all.size() - MAX_SHOWN);
    }
  }
}
