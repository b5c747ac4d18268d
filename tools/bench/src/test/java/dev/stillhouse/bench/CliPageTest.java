package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.cli.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the page of commands to what the commands print; here all of them are on the class path.
 */
class CliPageTest {
  private static final Path PAGE = Path.of("../../docs/reference/cli.md");
  private static final String WIDTH = "stillhouse.columns";

  /** A command in the list of a help text; what is longer than a line goes on further right. */
  private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z]+) +[A-Z]");

  /** The page shows what is printed: {@code -Dstillhouse.draw=true} writes it anew. */
  @Test
  void thePageIsOfTheseCommands() throws IOException {
    String written = page();
    if (Boolean.getBoolean("stillhouse.draw")) {
      Files.writeString(PAGE, written);
    }
    assertTrue(
        written.equals(Files.readString(PAGE)),
        PAGE + " is of other commands; write it with -Dstillhouse.draw=true");
  }

  private static String page() {
    String before = System.getProperty(WIDTH);
    System.setProperty(WIDTH, "100");
    try {
      StringBuilder page = new StringBuilder();
      page.append("# Commands\n\nWhat `--help` of every command prints. ");
      page.append("[Exit codes](exit-codes.md) and [JSON](json.md) have pages of their own.\n");
      add(page, List.of());
      return page.toString();
    } finally {
      if (before == null) {
        System.clearProperty(WIDTH);
      } else {
        System.setProperty(WIDTH, before);
      }
    }
  }

  /** Adds the help of a command, and of those that it lists. */
  private static void add(StringBuilder page, List<String> command) {
    List<Object> words = new ArrayList<>(command);
    words.add("--help");
    String help = Command.run(words.toArray()).succeeds().out();
    String title = ("stillhouse " + String.join(" ", command)).strip();
    page.append("\n## ").append(title).append("\n\n```text\n");
    page.append(help.strip()).append("\n```\n");
    // Examples come behind the list, with an empty line before.
    int end = help.contains("\n\n") ? help.indexOf("\n\n") : help.length();
    List<MatchResult> listed = LISTED.matcher(help.substring(0, end)).results().toList();
    for (MatchResult below : listed) {
      List<String> longer = new ArrayList<>(command);
      longer.add(below.group(1));
      add(page, longer);
    }
  }
}
