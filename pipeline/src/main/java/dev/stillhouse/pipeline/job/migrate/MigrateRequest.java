package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.replica.Ledger;
import java.util.List;
import java.util.OptionalLong;

/**
 * A request for a migration.
 *
 * @param dataset path or URI
 * @param version of it; the newest if none is given
 * @param layout name of the new layout
 * @param out path or URI of the new dataset
 * @param beam options for Beam and its runner
 */
public record MigrateRequest(
    String dataset, OptionalLong version, String layout, String out, List<String> beam) {

  public Dataset open(Ledger ledger) {
    return version.isPresent()
        ? Dataset.open(dataset, ReadOptions.DEFAULT.version(version.getAsLong()).bookedIn(ledger))
        : Dataset.open(dataset, ReadOptions.DEFAULT.bookedIn(ledger));
  }
}
