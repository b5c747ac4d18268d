package dev.stillhouse.cli;

import com.google.common.base.Ascii;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the pages of the project: README, docs, and those beside README. */
final class Docs {
  static final Path ROOT = Path.of("../..");

  /** A link of Markdown to a file of the project, and a heading of it. */
  static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  private static final Pattern BLOCK = Pattern.compile("(?sm)^```(\\w+)\n(.*?)^```$");

  private Docs() {}

  /** Returns the blocks of code that are marked as of a language, in the order of the pages. */
  static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    for (Path page : pages()) {
      BLOCK
          .matcher(Files.readString(page))
          .results()
          .filter(block -> block.group(1).equals(language))
          .forEach(block -> blocks.add(block.group(2)));
    }
    return blocks;
  }

  /** Returns the names by which links know the headings of a page. */
  static Set<String> headings(Path page) throws IOException {
    return HEADING
        .matcher(Files.readString(page))
        .results()
        .map(heading -> Ascii.toLowerCase(heading.group(1)))
        .map(heading -> heading.replaceAll("[^a-z0-9_ -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** Returns all pages, and those that lie beside what they tell of. */
  static List<Path> pagesAndReadmes() throws IOException {
    List<Path> all = new ArrayList<>(pages());
    for (String folder : List.of("tools", "testdata")) {
      try (Stream<Path> below = Files.walk(ROOT.resolve(folder), 2)) {
        below.filter(page -> page.endsWith("README.md")).map(Path::normalize).forEach(all::add);
      }
    }
    return all;
  }

  /** Returns all pages; those of docs in the order in which docs/README.md links to them. */
  static List<Path> pages() throws IOException {
    Set<Path> pages = new LinkedHashSet<>();
    pages.add(ROOT.resolve("README.md"));
    Path docs = ROOT.resolve("docs");
    Path table = docs.resolve("README.md");
    pages.add(table);
    LINK.matcher(Files.readString(table))
        .results()
        .map(link -> docs.resolve(link.group(1)).normalize())
        .filter(page -> page.startsWith(docs.normalize()) && page.toString().endsWith(".md"))
        .forEach(pages::add);
    try (Stream<Path> all = Files.walk(docs.normalize())) {
      all.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    try (Stream<Path> all = Files.list(ROOT)) {
      all.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages.stream().map(Path::normalize).distinct().toList();
  }
}
