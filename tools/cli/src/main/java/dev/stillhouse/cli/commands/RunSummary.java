package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.replica.DamagedCopy;
import dev.stillhouse.storage.replica.Ledger;
import java.util.List;

/** Shows the end of every command: its cost, and what was wrong with regions. */
final class RunSummary {
  private static final int MAX_SHOWN = 5;

  private RunSummary() {}

  /** Reports on a dataset that was read. */
  static void tell(Terminal terminal, String name, Dataset dataset) {
    tell(terminal, name, dataset.ledger(), dataset.absences());
  }

  /**
   * Reports on a dataset that was read or written.
   *
   * @param name of the dataset as the command line has it
   * @param absences replicas that are unavailable
   */
  static void tell(Terminal terminal, String name, Ledger ledger, List<String> absences) {
    terminal.say("%s", ledger);
    absences.forEach(absence -> terminal.progress("%s", absence));
    List<DamagedCopy> damaged = ledger.damagedCopies();
    if (!damaged.isEmpty()) {
      terminal.progress("damaged copies were met:");
      for (DamagedCopy copy : damaged.subList(0, Math.min(MAX_SHOWN, damaged.size()))) {
        terminal.progress(
            "  %s in region %s, offset %d: %s",
            copy.blob(), copy.region(), copy.offset(), copy.reason());
      }
      if (damaged.size() > MAX_SHOWN) {
        terminal.progress("  ... and %d more", damaged.size() - MAX_SHOWN);
      }
      terminal.progress("stillhouse verify --repair %s mends them", name);
    }
  }
}
