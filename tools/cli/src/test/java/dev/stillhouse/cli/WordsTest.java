package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No type, public method, constant, Javadoc or page for users uses a retired word. */
class WordsTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path GLOSSARY = ROOT.resolve("docs/reference/words.md");
  private static final Pattern NO_CODE =
      Pattern.compile("/\\*[\\s\\S]*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*[\\s\\S]*?\\*/");
  private static final String ANYWHERE = "Phrases, in Javadoc too";
  private static final String IN_PAGES = "Phrases, in pages";
  private static final Pattern RETIRED = Pattern.compile("`([^`]+)` →");

  @Test
  void findsEachKindOfRetiredWord() throws IOException {
    assertEquals(List.of("Wanted"), types("record Wanted(int a) {} // class Copies"));
    assertEquals(List.of(), types("record Projection(Wanted a) { String s = \"class Told\"; }"));
    assertEquals(List.of("putNew"), methods("  public static <T> boolean putNew(T file) {"));
    assertEquals(List.of(), methods("  public int a() { return putNew(1); } public int kept;"));
    assertEquals(List.of("MOST_"), constants("int MOST_BYTES = 1; int ALMOST_ALL = 2;"));
    assertEquals(List.of("so many"), phrases("that takes\n * So  many bytes", ANYWHERE));
    assertEquals(List.of("slice"), phrases("a slice, so many", IN_PAGES));
    assertEquals(List.of(), phrases("a slicer, and much so: many", ANYWHERE));
    assertEquals(
        List.of("nobody"), javadocPhrases("/** As\n   * nobody. */ int told; /* told */ // told"));
  }

  @Test
  void noTypeMethodOrConstantUsesARetiredWord() throws IOException {
    Map<Path, List<String>> found = new TreeMap<>();
    for (Path file : files(ROOT, ".java")) {
      String code = Files.readString(file);
      List<String> words = new ArrayList<>(types(code));
      words.addAll(methods(code));
      words.addAll(constants(code));
      note(found, file, words);
    }
    assertEquals(Map.of(), found);
  }

  @Test
  void noJavadocUsesARetiredPhrase() throws IOException {
    Map<Path, List<String>> found = new TreeMap<>();
    for (Path file : files(ROOT, ".java")) {
      if (file.toString().contains("/src/main/")) {
        note(found, file, javadocPhrases(Files.readString(file)));
      }
    }
    assertEquals(Map.of(), found);
  }

  @Test
  void noPageUsesARetiredWord() throws IOException {
    List<Path> pages = new ArrayList<>(files(ROOT, "package-info.java"));
    for (String folder : List.of("how-to", "tutorial", "reference")) {
      pages.addAll(files(ROOT.resolve("docs").resolve(folder), ".md"));
    }
    pages.add(ROOT.resolve("README.md"));
    assertTrue(pages.remove(GLOSSARY), pages.toString());
    Map<Path, List<String>> found = new TreeMap<>();
    for (Path page : pages) {
      List<String> words = new ArrayList<>(phrases(Files.readString(page), ANYWHERE));
      words.addAll(phrases(Files.readString(page), IN_PAGES));
      note(found, page, words);
    }
    assertEquals(Map.of(), found);
  }

  private static void note(Map<Path, List<String>> found, Path file, List<String> words) {
    if (!words.isEmpty()) {
      found.put(file, words);
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(suffix))
              .filter(file -> !file.toString().contains("/target/"))
              .toList();
      assertTrue(!files.isEmpty(), folder + " has no " + suffix);
      return files;
    }
  }

  private static List<String> types(String code) throws IOException {
    return found("\\b(?:class|interface|record|enum)\\s+(%s)\\b", "Types", bare(code));
  }

  private static List<String> methods(String code) throws IOException {
    return found("\\bpublic\\b[^;={}()]*\\b(%s)\\s*\\(", "Methods", bare(code));
  }

  private static List<String> constants(String code) throws IOException {
    return found("\\b(%s)[A-Z0-9]", "Starts of constants", bare(code));
  }

  private static List<String> javadocPhrases(String code) throws IOException {
    List<String> found = new ArrayList<>();
    for (String javadoc : JAVADOC.matcher(code).results().map(MatchResult::group).toList()) {
      found.addAll(phrases(javadoc.replaceAll("@param \\w+", ""), ANYWHERE));
    }
    return found;
  }

  private static List<String> phrases(String page, String kind) throws IOException {
    String text = page.replaceAll("\\n *\\* ?", " ").replaceAll("\\s+", " ");
    return found("(?i)\\b(%s)\\b", kind, text).stream()
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static String bare(String code) {
    return NO_CODE.matcher(code).replaceAll(" ");
  }

  private static List<String> found(String pattern, String kind, String text) throws IOException {
    String all = String.join("|", retired(kind));
    Matcher matcher = Pattern.compile(String.format(pattern, all)).matcher(text);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** Returns the retired words of one paragraph at the glossary's end. */
  private static List<String> retired(String kind) throws IOException {
    String glossary = Files.readString(GLOSSARY);
    int start = glossary.indexOf("\n" + kind + ":\n");
    int end = glossary.indexOf("\n\n", start);
    assertTrue(start >= 0, kind);
    List<String> words =
        RETIRED
            .matcher(glossary.substring(start, end < 0 ? glossary.length() : end))
            .results()
            .map(match -> Pattern.quote(match.group(1)))
            .toList();
    assertTrue(!words.isEmpty(), kind);
    return words;
  }
}
