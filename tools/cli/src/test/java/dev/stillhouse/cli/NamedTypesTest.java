package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for contributors name types that exist. */
class NamedTypesTest {
  private static final Path ROOT = Path.of("../..");
  private static final int MAX_ARCHITECTURE_LINES = 120;

  /** A type: two or more humps, or one in backticks or with .java; not a word or a file's name. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?<![\\w/$-])(?:(?:[A-Z][a-z0-9]+){2,}\\b(?!\\.md)"
              + "|(?<=`)[A-Z][A-Za-z0-9]+(?=`)|[A-Z]\\w+(?=\\.java))");

  /** Names of other projects. */
  private static final Set<String> NOT_OURS = Set.of("ArchUnit", "DoFn", "NullAway");

  @ParameterizedTest
  @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md"})
  void everyTypeThatAPageNamesExists(String page) throws IOException {
    Set<String> types;
    try (Stream<Path> files = Files.walk(ROOT)) {
      types =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    Set<String> named = new TreeSet<>();
    NAME.matcher(Files.readString(ROOT.resolve(page))).results().forEach(n -> named.add(n.group()));
    assertTrue(named.size() >= 10, named.toString());
    named.removeAll(types);
    named.removeAll(NOT_OURS);
    assertEquals(Set.of(), named);
  }

  @Test
  void theArchitectureIsShort() throws IOException {
    int lines = Files.readAllLines(ROOT.resolve("ARCHITECTURE.md")).size();
    assertTrue(lines <= MAX_ARCHITECTURE_LINES, lines + " lines");
  }
}
