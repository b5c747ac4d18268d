package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Help texts, and what the shell completes. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public class HelpTest {
  private static final int WIDTH = 80;

  @TempDir Path directory;

  @BeforeEach
  void files() throws Exception {
    Files.writeString(directory.resolve("completion.bash"), Command.run("completion").out());
    Files.writeString(directory.resolve("book.txt"), "");
    Files.createDirectory(directory.resolve("my-columns"));
  }

  @Test
  void helpShowsExamples() {
    Set<String> commands = new TreeSet<>(Stillhouse.commands().getSubcommands().keySet());
    commands.remove("bench"); // Its module has its examples.
    for (String command : commands) {
      String help = Command.run(command, "--help").succeeds().out();
      assertTrue(help.contains("Example") && help.contains("stillhouse " + command), help);
      List<String> examples = examples(help);
      assertTrue(!examples.isEmpty() || command.equals("completion"), help);
      for (String example : examples) {
        // Throws where an option is unknown, has no value, or an argument is missing.
        Stillhouse.commands().parseArgs(words(example));
      }
    }
  }

  /** Returns the calls that stand in a help text, without what a shell does with them. */
  private static List<String> examples(String help) {
    return Pattern.compile("(?m)^  (?:zcat \\S+ \\| )?stillhouse (\\S[^|>\n]*)")
        .matcher(help.replaceAll("\\\\\n +", ""))
        .results()
        .map(example -> example.group(1).strip())
        .toList();
  }

  private static String[] words(String example) {
    return Pattern.compile("\"([^\"]*)\"|(\\S+)")
        .matcher(example)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }

  @Test
  void withoutACommandAllAreShownByTaskOnOneScreen() {
    Command none = Command.run().fails(2, "stillhouse demo");
    List<String> lines = none.err().lines().toList();
    assertTrue(lines.size() <= 24, none.err());
    assertEquals(
        List.of("Make", "Look", "Train", "Move", "Keep", "Other"),
        lines.stream().filter(line -> line.matches("[A-Z][a-z]+")).toList());
    Set<String> commands = new TreeSet<>();
    for (String line : lines) {
      assertTrue(line.length() <= WIDTH, line);
      if (line.startsWith("  ")) {
        assertTrue(line.endsWith("."), line);
        assertTrue(commands.add(line.strip().split(" ", 2)[0]), line);
      }
    }
    assertEquals(new TreeSet<>(Stillhouse.commands().getSubcommands().keySet()), commands);
    String help = Command.run("--help").succeeds().out();
    lines.stream().filter(line -> line.startsWith("  ")).forEach(l -> assertTrue(help.contains(l)));
  }

  /** Checks that each command of a list is told in whole sentences. */
  public static void assertWholeSentences(Command help) {
    String list = help.out().substring(help.out().indexOf("Commands:\n") + 10);
    list = list.substring(0, list.contains("\n\n") ? list.indexOf("\n\n") : list.length());
    for (String entry : Splitter.onPattern("\n  (?=[a-z])").split(list)) {
      assertTrue(entry.strip().endsWith("."), entry);
    }
  }

  @Test
  void optionsStandInTheSameGroupsAndOrderEverywhere() {
    assertGrouped("", Stillhouse.commands());
  }

  /** Checks it in a command and all below it; {@code name} is how it is called. */
  public static void assertGrouped(String name, CommandLine command) {
    List<Object> words = new ArrayList<>(Splitter.on(' ').omitEmptyStrings().splitToList(name));
    words.add("--help");
    String help = Command.run(words.toArray()).succeeds().out();
    // Examples come behind an empty line, and name options too.
    List<String> lines = help.lines().takeWhile(line -> !line.isEmpty()).toList();
    List<String> headings = lines.stream().filter(OptionGroups.headings()::contains).toList();
    assertEquals(
        OptionGroups.headings().stream().filter(headings::contains).toList(), headings, help);
    for (OptionSpec option : command.getCommandSpec().options()) {
      String shown = "  (    |-., )" + option.longestName() + "([ =\\[].*)?";
      long rows = lines.stream().filter(line -> line.matches(shown)).count();
      assertEquals(option.hidden() ? 0 : 1, rows, shown + help);
    }
    command.getSubcommands().forEach((below, line) -> assertGrouped(name + " " + below, line));
  }

  @Test
  void helpIsWrappedAtTheWidth() {
    assertWrapped("verify", "replicate", "load", "gc");
  }

  /** A line breaks where the next word would not have fitted, not where the source did. */
  public static void assertWrapped(String... commands) {
    for (String command : commands) {
      List<String> words = Splitter.on(' ').splitToList(command + " --help");
      List<String> lines = Command.run(words.toArray()).succeeds().out().lines().toList();
      for (int i = 0; i + 1 < lines.size(); i++) {
        String next = lines.get(i + 1);
        assertTrue(lines.get(i).length() <= WIDTH, lines.get(i));
        boolean text = lines.get(i).matches("\\S.*") && next.matches("[a-z0-9].*");
        if (text) {
          String word = next.split(" ", 2)[0];
          assertTrue(lines.get(i).length() + 1 + word.length() >= WIDTH, lines.get(i) + "|" + next);
        }
      }
    }
  }

  /** Picocli wraps each text of a description by itself. */
  @Test
  void descriptionsOfOptionsAreOneText() {
    assertOneTextEach(Stillhouse.commands());
  }

  /** Checks it in a command and all below it. */
  public static void assertOneTextEach(CommandLine command) {
    for (ArgSpec argument : command.getCommandSpec().args()) {
      assertTrue(argument.description().length <= 1, argument.toString());
    }
    command.getSubcommands().values().forEach(HelpTest::assertOneTextEach);
  }

  @Test
  void paragraphsAreJoinedAndExamplesKept() {
    assertArrayEquals(
        new String[] {"  stillhouse x", "", "One two.", "  stillhouse y"},
        HelpText.paragraphs("  stillhouse x", "", "One", "two.", "  stillhouse y"));
  }

  @Test
  void completionKnowsOptionsFilesAndValues() throws Exception {
    assertEquals(List.of("--seed"), completed("load", "--se"));
    assertEquals(List.of("book.txt"), completed("extract", "--corpus", "boo"));
    assertEquals(List.of("my-columns"), completed("load", "my-col"));
    assertEquals(List.of("planes"), completed("extract", "--layout", "pla"));
    assertEquals(List.of("cl100k"), completed("extract", "--tokenizer", "cl"));
    assertEquals(List.of("ngram"), completed("extract", "--teacher", "n"));
    assertEquals(List.of("global"), completed("load", "--shuffle", "g"));
    assertEquals(List.of("layouts"), completed("bench", "lay"));
  }

  /** What bash completes: the function's words, or by its "-o default" names of files. */
  private List<String> completed(String... words) throws Exception {
    String line = "stillhouse " + String.join(" ", words);
    String script =
        "source completion.bash; COMP_WORDS=(%s); COMP_CWORD=%d; compopt() { echo \"compopt $*\" >&2; };"
                .formatted(line, words.length)
            + " _complete_stillhouse; if [[ ${#COMPREPLY[@]} == 0 ]];"
            + " then compgen -f -- '%s'; else printf '%%s\\n' \"${COMPREPLY[@]}\"; fi;"
                .formatted(words[words.length - 1])
            + " complete -p stillhouse >&2";
    Process bash = new ProcessBuilder("bash", "-c", script).directory(directory.toFile()).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String noted = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), noted);
    assertTrue(noted.contains("-o default"), noted);
    assertTrue(!noted.contains("compopt +o default"), noted);
    return Arrays.stream(said.split("\n")).map(String::strip).toList();
  }
}
