package dev.stillhouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lists the commands by task, a line each. */
final class Overview {
  /** A task of a person, and the commands for it; commands of no task come last. */
  private record Task(String name, List<String> commands) {}

  private static final List<Task> TASKS =
      List.of(
          new Task("Make", List.of("demo", "extract", "import")),
          new Task("Look", List.of("inspect", "verify")),
          new Task("Train", List.of("load", "cursor", "serve")),
          new Task("Move", List.of("migrate", "export", "replicate")),
          new Task("Keep", List.of("pin", "gc")),
          new Task("Other", List.of("bench", "completion")));

  private Overview() {}

  /** Lists commands by task in the help of {@code line}. */
  static void into(CommandLine line) {
    line.getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            help -> list(help.commandSpec().commandLine()));
  }

  /** Returns the overview, which is shown if no command is named. */
  static String text(CommandLine line) {
    return String.format(
        "%s%n%n%sOptions of a command: stillhouse COMMAND --help.  Start here: stillhouse demo",
        line.getCommandSpec().usageMessage().description()[0], list(line));
  }

  private static String list(CommandLine line) {
    Map<String, CommandLine> rest = new TreeMap<>(line.getSubcommands());
    List<Task> tasks = new ArrayList<>(TASKS);
    TASKS.forEach(task -> rest.keySet().removeAll(task.commands()));
    if (!rest.isEmpty()) {
      tasks.add(new Task("Further", List.copyOf(rest.keySet())));
    }
    StringBuilder text = new StringBuilder();
    for (Task task : tasks) {
      text.append(String.format("%s%n", task.name()));
      for (String name : task.commands()) {
        text.append(String.format("  %-11s %s%n", name, summary(line, name)));
      }
    }
    return text.toString();
  }

  private static String summary(CommandLine line, String name) {
    CommandLine command = Objects.requireNonNull(line.getSubcommands().get(name), name);
    return String.join(" ", command.getCommandSpec().usageMessage().description());
  }
}
