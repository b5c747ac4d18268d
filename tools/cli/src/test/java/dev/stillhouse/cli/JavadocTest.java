package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Javadoc of a method or constructor says what it does: it starts with a verb. */
class JavadocTest {
  private static final Path ROOT = Path.of("../..");

  /** Matches a Javadoc and the method or constructor behind it; group 1 is its first word. */
  private static final Pattern METHOD =
      Pattern.compile(
          "/\\*\\*[\\s*]*((?:(?!\\*/)\\S)*)(?:(?!\\*/)[\\s\\S])*\\*/\\s*"
              + "(?:@\\w[\\w.]*(?:\\([^)]*\\))?\\s+)*"
              + "(?:(?:public|protected|private|static|final|abstract|default|synchronized)\\s+)*"
              + "(?:<[^({;=]*?>\\s+)?"
              + "(?!class|record|interface|enum|@interface|return|new)"
              + "(?:[\\w.]+(?:<[^({;=]*>)?(?:\\s*@Nullable\\s*)?(?:\\[\\])*\\s+)?"
              + "[a-zA-Z]\\w*[a-z]\\w*\\s*\\(");

  private static final Pattern VERB = Pattern.compile("[A-Z][a-z]+s");

  /** Words that end as verbs do. */
  private static final Set<String> NO_VERBS =
      Set.of(
          "Always",
          "As",
          "Bits",
          "Bytes",
          "Characters",
          "Columns",
          "Dollars",
          "Entries",
          "Ids",
          "Indexes",
          "Its",
          "Keys",
          "Less",
          "Nats",
          "Positions",
          "Regions",
          "Rows",
          "Samples",
          "Seconds",
          "Sequences",
          "Shards",
          "Slots",
          "This",
          "Tokens",
          "Us",
          "Values",
          "Ways");

  @Test
  void findsWhatIsNoVerb() {
    assertEquals(List.of("The"), wrong("/** The bytes. */ @Override public int[] bytes() {"));
    assertEquals(
        List.of("Rows"), wrong("/**\n   * Rows of it.\n   */\n  <T> List<T> rows(int a);"));
    assertEquals(List.of("@param"), wrong("/** @param a a rank */ Rank(int a) {"));
    assertEquals(List.of(), wrong("/** Returns it. */ int a() {} /** The bytes. */ int b = c(1);"));
    assertEquals(
        List.of(), wrong("/** A rank. */ public record Rank(int a) {} /** One. */ ONE(1)"));
  }

  @Test
  void everyMethodStartsWithAVerb() throws IOException {
    Map<Path, List<String>> found = new TreeMap<>();
    int methods = 0;
    for (Path file : sources()) {
      String code = Files.readString(file);
      methods += (int) METHOD.matcher(code).results().count();
      if (!wrong(code).isEmpty()) {
        found.put(file, wrong(code));
      }
    }
    assertEquals(Map.of(), found);
    assertTrue(methods > 1_500, methods + " methods");
  }

  private static List<String> wrong(String code) {
    Matcher methods = METHOD.matcher(code);
    return methods
        .results()
        .map((MatchResult method) -> method.group(1).replaceAll("[^\\w@]+$", ""))
        .filter(word -> !VERB.matcher(word).matches() || NO_VERBS.contains(word))
        .toList();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }
}
