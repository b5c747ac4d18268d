package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Holds README and docs to what they say: their commands run, their links lead somewhere. */
class DocsTest {
  private static final int MAX_README_LINES = 130;

  @TempDir Path directory;

  @Test
  @Tag("slow")
  @Timeout(600)
  void everyCommandButTheBenchmarksWorksAsPasted() throws Exception {
    List<String> commands =
        DocsCommands.all().stream().filter(line -> !DocsCommands.isBenchmark(line)).toList();
    assertTrue(commands.size() >= 40, commands.toString());
    DocsCommands.in(directory).run(commands);
  }

  /** The package's own tests run them; this one needs no package, so that every build has it. */
  @Test
  @Timeout(60)
  void everyPythonBlockCompiles() throws Exception {
    assumeTrue(pythonErrors("").isEmpty(), "no python3 here");
    List<String> blocks = Docs.blocks("python");
    assertTrue(blocks.size() >= 4, blocks.size() + " blocks");
    for (String block : blocks) {
      assertEquals("", pythonErrors(block), block);
    }
    assertTrue(pythonErrors("for x in y\n").contains("SyntaxError"), "a colon is missing");
  }

  private String pythonErrors(String code) throws Exception {
    Files.writeString(directory.resolve("block.py"), code);
    Path log = directory.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder("python3", "-c", "compile(open('block.py').read(), 'block', 'exec')")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    try {
      builder.start().waitFor();
    } catch (IOException e) {
      return e.toString();
    }
    return Files.readString(log);
  }

  @Test
  void everyPageIsLinkedAndNoLinkIsBroken() throws IOException {
    Set<Path> linked = new HashSet<>();
    List<String> broken = new ArrayList<>();
    for (Path page : Docs.pagesAndReadmes()) {
      for (MatchResult link : Docs.LINK.matcher(Files.readString(page)).results().toList()) {
        String name = link.group(1);
        Path target = name.isEmpty() ? page : page.resolveSibling(name).normalize();
        String heading = link.group(2);
        if (!Files.exists(target)
            || (heading != null && !Docs.headings(target).contains(heading))) {
          broken.add(page + " links to " + link.group());
        }
        linked.add(target);
      }
    }
    Docs.pagesAndReadmes().stream()
        .filter(page -> !page.equals(Path.of("../../README.md")) && !linked.contains(page))
        .forEach(page -> broken.add("no page links to " + page));
    assertEquals(List.of(), broken);
  }

  /** A figure that is measured anew on one page changes on both. */
  @Test
  void theComparisonIsTheOneThatWasMeasured() throws IOException {
    List<String> compared = figures("README.md");
    assertEquals(8, compared.size(), compared.toString());
    assertEquals(compared, figures("docs/design/generations/adaptive.md"));
  }

  /** Returns the rows of a table that has the speeds of each layout and rival. */
  private static List<String> figures(String page) throws IOException {
    return Files.readAllLines(Docs.ROOT.resolve(page)).stream()
        .filter(
            row -> row.matches("\\| .* \\| [0-9.]+ \\| [0-9.]+ M \\| [0-9.]+ M.* \\| [0-9,]+ \\|"))
        .map(row -> row.replaceAll("( M) \\([^)]*\\)", "$1").replace("Megatron-LM's", "Megatron's"))
        .toList();
  }

  @Test
  void theFrontPageIsShort() throws IOException {
    int lines = Files.readAllLines(Docs.ROOT.resolve("README.md")).size();
    assertTrue(lines <= MAX_README_LINES, lines + " lines");
  }
}
