package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.storage.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Checks words of a command line that are passed on to Beam. */
final class BeamOptions {
  /** Max edit distance of a name that may have been meant. */
  private static final int NEAR = 2;

  private BeamOptions() {}

  /**
   * Refuses what Beam does not take, before any work begins.
   *
   * @param command whose options may have been meant
   * @param words that are none of its own
   */
  static void check(CommandSpec command, List<String> words) {
    for (String word : words) {
      String name = word.replaceFirst("=.*", "");
      if (!word.startsWith("--") || !BeamRunner.knows(name)) {
        throw UsageException.of(
            "'%s' is not understood%s (see --help); options for Beam are written --name=value",
            String.join(" ", words),
            near(command, name).map(meant -> "; did you mean " + meant + "?").orElse(""));
      }
    }
    BeamRunner.check(words);
  }

  private static Optional<String> near(CommandSpec command, String name) {
    return command.options().stream()
        .map(OptionSpec::longestName)
        .filter(own -> distance(own, name) <= NEAR)
        .findFirst();
  }

  /** Returns the edit distance: letters that must be added, removed or changed. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
