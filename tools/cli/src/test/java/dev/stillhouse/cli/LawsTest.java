package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of laws names tests that exist, for each law. */
class LawsTest {
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+Test)`");

  @Test
  void everyLawHasTestsThatExist() throws IOException {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("../.."))) {
      tests =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Test.java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    List<String> laws =
        List.of(Files.readString(Path.of("../../docs/design/laws.md")).split("\n## ")).stream()
            .skip(1)
            .toList();
    assertEquals(9, laws.size());
    for (String law : laws) {
      Matcher named = TEST.matcher(law.substring(law.indexOf("*Tests.*")));
      int found = 0;
      for (; named.find(); found++) {
        assertTrue(tests.contains(named.group(1)), named.group(1) + " in law " + law);
      }
      assertTrue(found > 0, law);
    }
  }
}
