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
 * Options of {@link Dataset#open(String, ReadOptions)}: the version, the reader's location, and the
 * ledger that costs are booked in. Immutable: each method returns other options.
 */
@PublicApi
public final class ReadOptions {
  /** The newest version, with any replica read; each opened dataset has a ledger of its own. */
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

  /** Returns options with this reader's location, policy and cache. */
  public ReadOptions from(ReadContext place) {
    return new ReadOptions(place, ledger, choice);
  }

  /**
   * Returns options that book the cost of opening and reading in this ledger, which others may
   * share.
   */
  public ReadOptions bookedIn(Ledger shared) {
    return new ReadOptions(context, Optional.of(shared), choice);
  }

  /** Returns options that open the version of this number. Opening fails if there is none. */
  public ReadOptions version(long number) {
    return new ReadOptions(context, ledger, log -> Optional.of(log.version(number)));
  }

  /**
   * Returns options that open the newest version whose fingerprint begins with {@code start}, or
   * the newest of all if there is none.
   */
  public ReadOptions fingerprint(String start) {
    Predicate<Manifest> begins = manifest -> manifest.fingerprint().startsWith(start);
    return new ReadOptions(context, ledger, log -> log.newest(begins).or(log::latest));
  }

  ReadContext context() {
    return context;
  }

  /** Returns the shared ledger, or a new one. */
  Ledger ledger() {
    return ledger.orElseGet(Ledger::new);
  }

  Function<ManifestLog, Optional<Manifest>> choice() {
    return choice;
  }
}
