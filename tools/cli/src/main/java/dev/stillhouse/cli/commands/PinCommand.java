package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.retention.Pin;
import dev.stillhouse.storage.dataset.retention.Pins;
import dev.stillhouse.storage.replica.BookedStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pin}: puts, lists and removes pins of versions. */
@Command(
    name = "pin",
    description = "Holds a version for a while: until then no gc removes it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse pin my-dataset --days 30 --for \"student 7\"",
      "  stillhouse pin my-dataset --dataset-version 1 --days 7 --for \"paper\"",
      "  stillhouse pin my-dataset --list",
      "  stillhouse pin my-dataset --remove student-7-1a2b3c4d",
      "",
      "A pin is never changed: who needs longer pins again."
    })
public final class PinCommand implements Callable<Integer> {
  private static final int MAX_DAYS = 36_500;

  @Mixin private Terminal terminal = new Terminal();
  @Mixin private PricingOptions pricing = new PricingOptions();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "The version that is held (default: the newest).")
  private @Nullable Long version;

  @Option(names = "--days", paramLabel = "D", description = "For how many days, from now on.")
  private @Nullable Integer days;

  @Option(names = "--for", paramLabel = "TEXT", description = "Who needs it, or what for.")
  private @Nullable String reason;

  @Option(names = "--list", description = "Tell which pins there are.")
  private boolean list;

  @Option(names = "--remove", paramLabel = "ID", description = "Let go of a pin.")
  private @Nullable String remove;

  private final InstantSource clock = InstantSource.system();

  /**
   * One pin, as it is shown.
   *
   * @param reason what it is for
   * @param expired whether it no longer holds its version
   */
  record Result(String id, long version, String expires, String reason, boolean expired) {}

  /**
   * The result; its keys are promised to programs.
   *
   * @param pins the one that was put, or all with {@code --list}
   * @param removed by {@code --remove}
   * @param unreadable reasons by key for files that are no pins; no version is removed while there
   *     are any
   */
  record Pinned(List<Result> pins, List<Result> removed, Map<String, String> unreadable) {}

  @Override
  public Integer call() throws IOException {
    boolean put = days != null || reason != null || version != null;
    if ((put ? 1 : 0) + (list ? 1 : 0) + (remove == null ? 0 : 1) != 1) {
      throw new UsageException("give either --days D --for TEXT, or --list, or --remove ID");
    }
    pricing.check();
    try (Dataset opened = Dataset.open(dataset)) {
      pricing.price(opened.ledger(), opened.regionList().home());
      Pins pins = new Pins(new BookedStore(opened.home(), opened.ledger()), opened.ledger());
      Pinned told = put ? put(opened, pins) : remove == null ? all(pins) : remove(pins, remove);
      RunSummary.tell(terminal, dataset, opened.ledger(), List.of());
      terminal.result(told, opened.ledger());
      return 0;
    }
  }

  private Pinned put(Dataset opened, Pins pins) {
    if (days == null || reason == null || reason.isBlank()) {
      throw new UsageException("a pin needs --days D and --for TEXT: until when, and what for");
    }
    if (days < 1 || days > MAX_DAYS) {
      throw UsageException.of("--days %d: need 1 to %,d", days, MAX_DAYS);
    }
    long held =
        version == null ? opened.manifest().version() : opened.log().version(version).version();
    Instant end = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(days));
    Pin pin = Pin.of(held, end, reason);
    String id = pins.put(pin);
    terminal.say("version %d stays until %s, for: %s", held, pin.expires(), pin.reason());
    terminal.say("stillhouse pin %s --remove %s lets go of it", dataset, id);
    return new Pinned(List.of(message(id, pin)), List.of(), Map.of());
  }

  private Pinned remove(Pins pins, String id) {
    Pin pin = pins.remove(id);
    terminal.say("removed %s, which held version %d until %s", id, pin.version(), pin.expires());
    return new Pinned(List.of(), List.of(message(id, pin)), Map.of());
  }

  private Pinned all(Pins pins) {
    Pins.All all = pins.all();
    List<Result> told = new ArrayList<>();
    all.pins().forEach((key, pin) -> told.add(message(Pins.name(key), pin)));
    for (Result pin : told) {
      terminal.say(
          "%s  version %d %s %s%s",
          pin.id(),
          pin.version(),
          pin.expired() ? "EXPIRED" : "until",
          pin.expires(),
          pin.reason().isEmpty() ? "" : ", for: " + pin.reason());
    }
    all.unreadable().forEach((key, why) -> terminal.say("NO PIN: %s", why));
    if (told.isEmpty() && all.unreadable().isEmpty()) {
      terminal.say("no version is pinned");
    }
    return new Pinned(told, List.of(), all.unreadable());
  }

  private Result message(String id, Pin pin) {
    return new Result(
        id, pin.version(), pin.expires(), pin.reason(), !pin.end().isAfter(clock.instant()));
  }
}
