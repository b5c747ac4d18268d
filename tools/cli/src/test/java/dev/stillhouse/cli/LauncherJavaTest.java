package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which Java the launcher picks, and the flags that it gives each. */
class LauncherJavaTest extends LauncherTestBase {
  @Test
  void picksTheNewestJdk() throws Exception {
    jdk("places/a", "17.0.15");
    Path newest = jdk("more places/b", "25.0.3");
    jdk("places/c", "21.0.9");
    environment.put("JAVA_HOME", jdk("home", "25.0.2").toString());
    assertEquals(newest + "/bin/java", start().output().get(0));
  }

  @Test
  void comparesVersionsAsNumbers() throws Exception {
    jdk("places/a", "17.0.9");
    Path newest = jdk("places/b", "17.0.15");
    jdk("places/c", "1.8.0_999");
    assertEquals(newest + "/bin/java", start().output().get(0));
  }

  @Test
  void javaHomeWinsOnATie() throws Exception {
    jdk("places/a", "25");
    Path home = jdk("the home", "25");
    environment.put("JAVA_HOME", home.toString());
    assertEquals(home + "/bin/java", start().output().get(0));
  }

  @Test
  void findsTheJavaOnThePathBehindItsLinks() throws Exception {
    Path jdk = jdk("elsewhere/jdk", "21.0.1");
    Files.createSymbolicLink(temp.resolve("link"), Path.of("elsewhere", "jdk", "bin", "java"));
    Files.createSymbolicLink(path.resolve("java"), temp.resolve("link"));
    assertEquals(jdk + "/bin/java", start().output().get(0));
  }

  @Test
  void asksAJavaThatHasNoReleaseFile() throws Exception {
    jdk("places/a", "17");
    Path asked = jdk("places/b", "25.0.1");
    Files.delete(asked.resolve("release"));
    assertEquals(asked + "/bin/java", start().output().get(0));
  }

  @Test
  void aPersonPicksAnother() throws Exception {
    jdk("places/a", "25");
    Path other = jdk("another jdk", "17.0.1");
    environment.put("STILLHOUSE_JAVA", other.toString());
    assertEquals(other + "/bin/java", start().output().get(0));
    environment.put("STILLHOUSE_JAVA", jdk("old", "11.0.2").toString());
    assertRefused("holds no Java 17 or newer");
  }

  @Test
  void refusesWithoutJava() throws Exception {
    jdk("places/a", "11.0.2");
    assertRefused("no Java 17 or newer found");
  }

  @Test
  void needsACompilerOnlyToBuild() throws Exception {
    Path runtime = jdk("places/a", "25");
    Files.delete(runtime.resolve("bin/javac"));
    assertRefused("cannot compile");
    Path jdk = jdk("places/b", "17");
    assertEquals(runtime + "/bin/java", start().output().get(0));
    assertTrue(calls().get(0).startsWith(jdk + " "));
    Files.delete(jdk.resolve("bin/javac"));
    assertEquals(0, start().exit());
  }

  @Test
  void givesEachJdkTheFlagsItKnows() throws Exception {
    String opens = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    environment.put("STILLHOUSE_JAVA", jdk("a", "17.0.15").toString());
    assertEquals(List.of(opens), flags(start("run")));
    for (String readsLogits : List.of("extract", "demo", "bench")) {
      assertEquals(List.of(opens, "--add-modules=jdk.incubator.vector"), flags(start(readsLogits)));
    }
    environment.put("STILLHOUSE_JAVA", jdk("b", "25.0.3").toString());
    assertEquals(
        List.of(
            opens, "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"),
        flags(start("run")));
    environment.put("STILLHOUSE_JAVA", jdk("c", "23.0.1").toString());
    environment.put("STILLHOUSE_OPTS", " -Xmx8g  -Dglob=* ");
    assertEquals(List.of(opens, "-Xmx8g", "-Dglob=*"), flags(start("run")));
  }

  private static List<String> flags(Start start) {
    return start.output().subList(1, start.output().indexOf("-cp"));
  }
}
