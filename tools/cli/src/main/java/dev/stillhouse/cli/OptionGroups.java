package dev.stillhouse.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.OptionSpec;

/** Lists a command's options by subject, in the same order for every command. */
final class OptionGroups {
  /** Options of one heading. */
  private record Group(String heading, Predicate<String> holds) {}

  private static final Set<String> CORPUS =
      Set.of(
          "--corpus",
          "--documents",
          "--max-documents",
          "--on-bad-document",
          "--sample",
          "--separator",
          "--special-tokens",
          "--stdin-as",
          "--text-field",
          "--token-type",
          "--tokenizer",
          "--tokens");

  private static final Set<String> REGIONS =
      Set.of(
          "--cache",
          "--cache-megabytes",
          "--copies",
          "--from",
          "--home",
          "--in-flight",
          "--megabytes-per-second",
          "--policy",
          "--replicate-to",
          "--topology");

  private static final Set<String> OUTPUT = Set.of("--help", "--json", "--verbose", "--version");

  private static final List<Group> GROUPS =
      List.of(
          new Group("Corpus:", CORPUS::contains),
          new Group("Options:", OptionGroups::isOfTheCommand),
          new Group("Regions and what reading them costs:", REGIONS::contains),
          new Group("Output and help:", OUTPUT::contains));

  private OptionGroups() {}

  /** Returns the headings, in their order. */
  static List<String> headings() {
    return GROUPS.stream().map(Group::heading).toList();
  }

  /** Returns the section of a command's help that lists its options. */
  static String list(Help help) {
    List<OptionSpec> shown =
        help.commandSpec().options().stream()
            .filter(option -> !option.hidden())
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .toList();
    IParamLabelRenderer labels = help.createDefaultParamLabelRenderer();
    StringBuilder text = new StringBuilder();
    for (Group group : GROUPS) {
      List<OptionSpec> options =
          shown.stream().filter(option -> group.holds().test(option.longestName())).toList();
      if (!options.isEmpty()) {
        Layout layout = help.createDefaultLayout(shown, List.of(), help.colorScheme());
        layout.addOptions(options, labels);
        text.append(String.format("%s%n", group.heading()));
        // The layout leaves a line empty below an option that has no description.
        layout
            .toString()
            .lines()
            .filter(line -> !line.isBlank())
            .forEach(line -> text.append(String.format("%s%n", line)));
      }
    }
    return text.toString();
  }

  private static boolean isOfTheCommand(String option) {
    return !CORPUS.contains(option) && !REGIONS.contains(option) && !OUTPUT.contains(option);
  }
}
