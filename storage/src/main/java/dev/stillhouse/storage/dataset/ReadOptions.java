package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which version of a dataset is opened, from where it is read, and where the cost is booked.
 * Immutable: each method returns other options.
 */
@PublicApi
public final class ReadOptions {
  /**
   * The newest version, read from anywhere; each dataset that is opened has a ledger of its own.
   */
  public static final ReadOptions DEFAULT =
      new ReadOptions(ReadContext.ANYWHERE, Optional.empty(), ManifestLog::latest);

  private final ReadContext context;
  private final Optional<Ledger> ledger;
  private final Function<ManifestLog, Optional<Manifest>> choice;

  private ReadOptions(
      ReadContext context,
      Optional<Ledger> ledger,
      Function<ManifestLog, Optional<Manifest>> choice) {
    this.context = context;
    this.ledger = ledger;
    this.choice = choice;
  }

  /** Reads from where a standpoint says. */
  public ReadOptions from(ReadContext place) {
    return new ReadOptions(place, ledger, choice);
  }

  /** Books what opening and reading cost in a ledger that others may share. */
  public ReadOptions bookedIn(Ledger shared) {
    return new ReadOptions(context, Optional.of(shared), choice);
  }

  /** Opens the version of this number; opening fails if there is none. */
  public ReadOptions version(long number) {
    return new ReadOptions(context, ledger, log -> Optional.of(log.version(number)));
  }

  /**
   * Opens the newest version that a condition holds for, as of a cursor that was taken when it was
   * the newest; if it holds for none, the newest of all.
   */
  public ReadOptions newest(Predicate<Manifest> condition) {
    return new ReadOptions(context, ledger, log -> log.newest(condition).or(log::latest));
  }

  public ReadContext context() {
    return context;
  }

  /** Returns the ledger that others share, or a new one. */
  public Ledger ledger() {
    return ledger.orElseGet(Ledger::new);
  }

  Function<ManifestLog, Optional<Manifest>> choice() {
    return choice;
  }
}
