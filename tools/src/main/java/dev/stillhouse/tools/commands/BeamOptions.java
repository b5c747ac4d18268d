package dev.stillhouse.tools.commands;

import dev.stillhouse.storage.UsageException;
import java.util.List;

/** Words of a command line that are passed on to Beam. */
final class BeamOptions {
  private BeamOptions() {}

  /** Refuses what is no option. */
  static void check(List<String> words) {
    for (String word : words) {
      if (!word.startsWith("--")) {
        throw UsageException.of(
            "'%s' is not understood (see --help); options for Beam are written --name=value",
            String.join(" ", words));
      }
    }
  }
}
