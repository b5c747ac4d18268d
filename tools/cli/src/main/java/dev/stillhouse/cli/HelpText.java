package dev.stillhouse.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lets help texts wrap at the terminal's width, and lists options by subject. Texts are written in
 * lines of source; each line would be wrapped by itself, and a list of commands would show the
 * first line alone.
 */
final class HelpText {
  private HelpText() {}

  /**
   * Joins lines to paragraphs in a command and all below it.
   *
   * @param width characters of a line
   */
  static void wrap(CommandLine command, int width) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.width(width);
    usage.description(String.join(" ", usage.description()));
    usage.footer(paragraphs(usage.footer()));
    command
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> OptionGroups.list(help));
    command.getSubcommands().values().forEach(below -> wrap(below, width));
  }

  /** Returns paragraphs of joined lines. Empty lines and indented ones, as examples are, stay. */
  static String[] paragraphs(String... lines) {
    List<String> joined = new ArrayList<>();
    boolean open = false;
    for (String line : lines) {
      boolean text = !line.isBlank() && !line.startsWith(" ");
      if (text && open) {
        joined.set(joined.size() - 1, joined.get(joined.size() - 1) + " " + line);
      } else {
        joined.add(line);
      }
      open = text;
    }
    return joined.toArray(String[]::new);
  }
}
