package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds every file of the tree to what CONTRIBUTING says of files. */
class FilesTest {
  private static final Path ROOT = Path.of("../..");
  private static final int MAX_LINES = 400;
  private static final int MAX_CLASSES = 30;
  private static final String LICENCE = "<!-- SPDX-License-Identifier: Apache-2.0 -->";

  @Test
  void everyPomNamesTheLicence() throws IOException {
    List<Path> poms = files("pom.xml");
    assertTrue(poms.size() >= 5, poms.toString());
    for (Path pom : poms) {
      assertEquals(LICENCE, Files.readAllLines(pom).get(1), pom + ", line 2");
    }
  }

  @Test
  void everyPackageSaysWhatItIsAndALargeOneWhy() throws IOException {
    Map<Path, Long> classes = new TreeMap<>();
    for (Path file : files(".java")) {
      if (file.toString().contains("/src/main/")) {
        classes.merge(file.resolveSibling("package-info.java"), 1L, Long::sum);
      }
    }
    assertTrue(classes.size() > 40, classes.size() + " packages");
    for (Map.Entry<Path, Long> found : classes.entrySet()) {
      String page = Files.readString(found.getKey());
      if (found.getValue() - 1 > MAX_CLASSES) {
        assertTrue(page.contains("More than " + MAX_CLASSES + " classes"), found.toString());
      }
    }
  }

  @Test
  void noSourceIsLong() throws IOException {
    Map<Path, Integer> lengths = new TreeMap<>();
    for (String suffix : List.of(".java", ".py")) {
      for (Path file : files(suffix)) {
        lengths.put(file, Files.readAllLines(file).size());
      }
    }
    assertTrue(lengths.size() > 500, lengths.size() + " files");
    lengths.values().removeIf(lines -> lines <= MAX_LINES);
    assertEquals(Map.of(), lengths);
  }

  /** Returns files whose names end so, without what builds, tests and a venv hold. */
  private static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(suffix))
          .filter(file -> !file.toString().matches(".*/(target|venv|\\.[a-z]+)/.*"))
          .toList();
    }
  }
}
