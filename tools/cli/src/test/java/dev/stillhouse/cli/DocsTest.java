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
    for (Path page : Docs.pages()) {
      for (MatchResult link : Docs.LINK.matcher(Files.readString(page)).results().toList()) {
        Path target = page.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)) {
          broken.add(page + " links to " + link.group(1));
        }
        linked.add(target);
      }
    }
    Docs.pages().stream()
        .filter(page -> !page.endsWith("README.md") && !linked.contains(page))
        .forEach(page -> broken.add("no page links to " + page));
    assertEquals(List.of(), broken);
  }

  @Test
  void theFrontPageIsShort() throws IOException {
    int lines = Files.readAllLines(Docs.ROOT.resolve("README.md")).size();
    assertTrue(lines <= MAX_README_LINES, lines + " lines");
  }
}
