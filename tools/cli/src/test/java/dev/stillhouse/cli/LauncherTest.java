package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher in a repository of a few empty files, with JDKs and a Maven that only write down how
 * they were called. Nothing of this machine is seen but the system programs in {@link #PROGRAMS}.
 */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherTest {
  private static final List<String> PROGRAMS =
      List.of(
          "bash",
          "cat",
          "env",
          "find",
          "flock",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "tail");

  private Path temp;
  private Path repository;
  private Path path;
  private Path source;
  private final Map<String, String> environment = new HashMap<>();

  /** What a start did: its exit code, the lines it printed, and what it told the person. */
  private record Start(int exit, List<String> output, String messages) {}

  @BeforeEach
  void layOut(@TempDir Path folder) throws IOException {
    temp = folder.toRealPath();
    repository = Files.createDirectories(temp.resolve("a repository"));
    path = Files.createDirectories(temp.resolve("path"));
    for (String program : PROGRAMS) {
      linkProgram(program);
    }
    executable(
        path.resolve("mvn"),
        """
        #!/usr/bin/env bash
        printf '%s ' "$JAVA_HOME" "$@" >>calls; echo >>calls
        if [[ -e slow ]]; then sleep 1; fi
        if [[ -e broken ]]; then for ((i = 1; i <= 40; i++)); do echo "line $i."; done; exit 1; fi
        echo '[INFO] Building Stillhouse storage 0.1.0            [2/4]'
        for ((i = 1; i <= 60; i++)); do echo "[INFO] Downloaded from central: x (1 kB at 1 kB/s)"; done
        for module in cli bench; do
          if [[ $* == *" tools/bench "* || $module == cli ]]; then
            mkdir -p tools/$module/target/lib
            : >tools/$module/target/stillhouse-$module-0.1.0.jar >tools/$module/target/stillhouse-$module-0.1.0-tests.jar
          fi
        done
        """);
    Files.copy(Path.of("..", "..", "stillhouse"), repository.resolve("stillhouse"));
    source = source("storage");
    for (String module : List.of("pipeline", "tools/cli", "tools/bench")) {
      source(module);
    }
    Files.createFile(repository.resolve("pom.xml"));
    environment.put("PATH", path.toString());
    environment.put("HOME", temp.toString());
    environment.put("STILLHOUSE_JDK_PLACES", temp + "/places/*:" + temp + "/more places/*");
  }

  /** JUnit warns of each link that leads out of its folder. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

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
  void refusesToBuildWithoutMaven() throws Exception {
    jdk("places/a", "25");
    Files.delete(path.resolve("mvn"));
    assertRefused("no Maven on the PATH");
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

  @Test
  void worksThroughALinkFromElsewhereWithSpaces() throws Exception {
    jdk("places/a", "25");
    Path link = temp.resolve("some where/stillhouse link");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of("..", "a repository", "stillhouse"));
    Start start = start(List.of(link.toString(), "inspect", "two words", "", "*"));
    int main = start.output().indexOf("dev.stillhouse.cli.Stillhouse");
    assertEquals(
        repository
            + "/tools/cli/target/stillhouse-cli-0.1.0.jar:"
            + repository
            + "/tools/cli/target/lib/*",
        start.output().get(main - 1));
    assertEquals(
        List.of("inspect", "two words", "", "*"),
        start.output().subList(main + 1, start.output().size()));
    // Found on the PATH, bash may know itself by its bare name.
    Files.createSymbolicLink(path.resolve("stillhouse"), link);
    assertEquals(
        start.output(),
        start(List.of("bash", "-c", "stillhouse inspect 'two words' '' '*'")).output());
  }

  @Test
  void buildsOnceAndAgainWhenSourcesChanged() throws Exception {
    Path jdk = jdk("places/a", "25");
    Start first = start();
    assertTrue(first.messages().contains("building (first use, about a minute)"), first.messages());
    assertEquals(
        List.of(
            jdk
                + " -B -DskipTests -Dspotless.check.skip=true -Dbuild.commit=unknown"
                + " -pl tools/cli -am package "),
        calls());

    assertEquals("", start().messages());
    assertEquals(1, calls().size());

    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    Start changed = start();
    assertTrue(changed.messages().contains("building (sources changed)"), changed.messages());
    assertEquals(2, calls().size());

    Files.delete(source);
    start();
    assertEquals(3, calls().size());

    Files.setLastModifiedTime(repository.resolve("pom.xml"), FileTime.from(Instant.now()));
    start();
    start();
    assertEquals(4, calls().size());
  }

  /** What benchmarks compare with is over 200 MB, and on no other command's class path. */
  @Test
  void onlyABenchmarkBuildsTheBenchmarksAndHasThemOnItsClassPath() throws Exception {
    jdk("places/a", "25");
    Path changed = repository.resolve("tools/bench/src/main/java/Some.java");
    for (String command :
        List.of("", "--help", "completion", "demo", "extract", "load", "bench2")) {
      assertFalse(classPath(start(command)).contains("tools/bench"), command);
      Files.setLastModifiedTime(changed, FileTime.from(Instant.now()));
    }
    assertEquals(1, calls().size());
    assertFalse(Files.exists(repository.resolve("tools/bench/target")));

    Start bench = start("bench", "layouts", "--help");
    assertTrue(bench.messages().contains("first benchmark"), bench.messages());
    assertEquals(
        classPath(start("demo"))
            + ":"
            + repository
            + "/tools/bench/target/stillhouse-bench-0.1.0.jar:"
            + repository
            + "/tools/bench/target/lib/*",
        classPath(bench));
    assertTrue(calls().get(1).contains(" -pl tools/bench -am "), calls().get(1));
    start("bench");
    start("demo");
    assertEquals(2, calls().size());

    Files.setLastModifiedTime(changed, FileTime.from(Instant.now()));
    start("demo");
    assertEquals(2, calls().size());
    start("bench");
    assertEquals(3, calls().size());

    // What both stand on was built for another command: the benchmarks are older still.
    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    start("demo");
    assertTrue(start("bench").messages().contains("sources changed"));
    assertEquals(5, calls().size());
  }

  @Test
  void benchmarksThatCannotBeDownloadedLeaveTheRestUsable() throws Exception {
    jdk("places/a", "25");
    start();
    Files.createFile(repository.resolve("broken"));
    Start failed = start("bench", "--help");
    assertEquals(1, failed.exit());
    assertTrue(failed.messages().contains("needs the network"), failed.messages());
    assertTrue(failed.messages().contains("all other commands work without"), failed.messages());
    Files.delete(repository.resolve("broken"));
    assertEquals(0, start("demo").exit());
  }

  private static String classPath(Start start) {
    return start.output().get(start.output().indexOf("-cp") + 1);
  }

  @Test
  void saysHowFarABuildIs() throws Exception {
    jdk("places/a", "25");
    String said = start().messages();
    assertTrue(said.contains("part 2/4: storage"), said);
    assertTrue(said.contains("50 files downloaded"), said);
  }

  @Test
  void refusesAPathThatJavaWouldPartAtAColon() throws Exception {
    jdk("places/a", "25");
    Path moved = temp.resolve("at:colon");
    Files.move(repository, moved);
    repository = moved;
    assertRefused("':'");
  }

  @Test
  void takesNoLibraryOfAnOlderBuild() throws Exception {
    jdk("places/a", "25");
    start();
    Path old = Files.createFile(repository.resolve("tools/cli/target/lib/old.jar"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    start();
    assertFalse(Files.exists(old));
  }

  @Test
  void showsTheEndOfAFailedBuildAndTriesAgain() throws Exception {
    jdk("places/a", "25");
    start();
    Files.createFile(repository.resolve("broken"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    Start failed = start();
    assertEquals(1, failed.exit());
    assertEquals(List.of(), failed.output());
    assertFalse(failed.messages().contains("line 10."), failed.messages());
    assertTrue(failed.messages().contains("line 11."), failed.messages());
    assertTrue(failed.messages().contains("line 40."), failed.messages());
    assertTrue(failed.messages().contains("the build failed"), failed.messages());

    Files.delete(repository.resolve("broken"));
    assertEquals(0, start().exit());
    assertEquals(3, calls().size());
  }

  /** With flock and without it, as on macOS. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoStartsAtOnceBuildOnce(boolean flock) throws Exception {
    if (!flock) {
      Files.deleteIfExists(path.resolve("flock"));
    }
    jdk("places/a", "25");
    Files.createFile(repository.resolve("slow"));
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path ignored = temp.resolve("ignored" + i);
      starts.add(process(List.of(repository + "/stillhouse"), ignored, ignored).start());
    }
    for (Process start : starts) {
      assertEquals(0, start.waitFor());
    }
    assertEquals(1, calls().size());
  }

  @Test
  void aLockWhoseOwnerDiedIsTakenOver() throws Exception {
    Files.deleteIfExists(path.resolve("flock"));
    jdk("places/a", "25");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path lock = repository.resolve("tools/cli/target/launcher/lock.d");
    Files.createDirectories(lock);
    Files.writeString(lock.resolve("owner"), dead.pid() + "\n");
    assertEquals(0, start().exit());
    assertEquals(1, calls().size());
  }

  /** Sees the program's own exit code and not the launcher's. */
  @Test
  void handsOnTheExitCode() throws Exception {
    Path jdk = jdk("places/a", "25");
    executable(jdk.resolve("bin/java"), "#!/usr/bin/env bash\nexit 2\n");
    assertEquals(2, start().exit());
  }

  @Test
  void tooFewOpenFilesAreRaisedOrRefused() throws Exception {
    executable(jdk("places/a", "25").resolve("bin/java"), "#!/usr/bin/env bash\nulimit -n\n");
    assertEquals(List.of("256"), start(limited("ulimit -S -n 64")).output());
    assertEquals(List.of("300"), start(limited("ulimit -n 300")).output());
    Start refused = start(limited("ulimit -n 64"));
    assertEquals(1, refused.exit());
    assertEquals(List.of(), refused.output());
    assertTrue(refused.messages().contains("no more than 64 files"), refused.messages());
  }

  private List<String> limited(String limit) {
    return List.of("bash", "-c", limit + "; exec \"$@\"", "-", repository + "/stillhouse");
  }

  /** Lays out a module: its pom and a source, which is returned. */
  private Path source(String module) throws IOException {
    Path some = repository.resolve(module).resolve("src/main/java/Some.java");
    Files.createDirectories(some.getParent());
    Files.createFile(repository.resolve(module).resolve("pom.xml"));
    return Files.createFile(some);
  }

  private void assertRefused(String reason) throws Exception {
    Start start = start();
    assertEquals(1, start.exit());
    assertEquals(List.of(), start.output());
    assertEquals(1, start.messages().lines().count(), start.messages());
    assertTrue(start.messages().contains(reason), start.messages());
  }

  /** A folder that passes for a JDK; its java prints its own path and its arguments. */
  private Path jdk(String name, String version) throws IOException {
    Path home = temp.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    executable(
        home.resolve("bin/java"),
        """
        #!/usr/bin/env bash
        if [[ $1 == -version ]]; then echo 'openjdk version "%s" 2025-04-15' >&2; exit; fi
        printf '%%s\\n' "$0" "$@"
        """
            .formatted(version));
    executable(home.resolve("bin/javac"), "");
    return home;
  }

  private void linkProgram(String program) throws IOException {
    for (String folder : List.of("/bin", "/usr/bin")) {
      Path file = Path.of(folder, program);
      if (Files.exists(file)) { // flock is not everywhere
        Files.createSymbolicLink(path.resolve(program), file);
        return;
      }
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<String> flags(Start start) {
    return start.output().subList(1, start.output().indexOf("-cp"));
  }

  /** How Maven was called, a line each. */
  private List<String> calls() throws IOException {
    return Files.readAllLines(repository.resolve("calls"));
  }

  private Start start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(repository + "/stillhouse"));
    command.addAll(List.of(arguments));
    return start(command);
  }

  private Start start(List<String> command) throws Exception {
    Path output = temp.resolve("output");
    Path messages = temp.resolve("messages");
    int exit = process(command, output, messages).start().waitFor();
    return new Start(exit, Files.readAllLines(output), Files.readString(messages));
  }

  private ProcessBuilder process(List<String> command, Path output, Path messages) {
    ProcessBuilder process = new ProcessBuilder(command).directory(temp.toFile());
    process.environment().clear();
    process.environment().putAll(environment);
    return process.redirectOutput(output.toFile()).redirectError(messages.toFile());
  }
}
