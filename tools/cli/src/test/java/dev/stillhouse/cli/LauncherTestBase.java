package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lays out a repository of a few empty files, with JDKs and a Maven that only write down how they
 * were called. The launcher sees nothing of this machine but the programs in {@link #PROGRAMS}.
 */
@Tag("slow")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LauncherTestBase {
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

  Path temp;
  Path repository;
  Path path;
  Path source;
  final Map<String, String> environment = new HashMap<>();

  /** What a start did: its exit code, the lines it printed, and what it told the person. */
  record Start(int exit, List<String> output, String messages) {}

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
    for (String module : List.of("pipeline", "tools/serve", "tools/cli", "tools/bench")) {
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

  /** Lays out a module: its pom and a source, which is returned. */
  private Path source(String module) throws IOException {
    Path some = repository.resolve(module).resolve("src/main/java/Some.java");
    Files.createDirectories(some.getParent());
    Files.createFile(repository.resolve(module).resolve("pom.xml"));
    return Files.createFile(some);
  }

  void assertRefused(String reason) throws Exception {
    Start start = start();
    assertEquals(1, start.exit());
    assertEquals(List.of(), start.output());
    assertEquals(1, start.messages().lines().count(), start.messages());
    assertTrue(start.messages().contains(reason), start.messages());
  }

  /** A folder that passes for a JDK; its java prints its own path and its arguments. */
  Path jdk(String name, String version) throws IOException {
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

  static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** How Maven was called, a line each. */
  List<String> calls() throws IOException {
    return Files.readAllLines(repository.resolve("calls"));
  }

  Start start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(repository + "/stillhouse"));
    command.addAll(List.of(arguments));
    return start(command);
  }

  Start start(List<String> command) throws Exception {
    Path output = temp.resolve("output");
    Path messages = temp.resolve("messages");
    int exit = process(command, output, messages).start().waitFor();
    return new Start(exit, Files.readAllLines(output), Files.readString(messages));
  }

  ProcessBuilder process(List<String> command, Path output, Path messages) {
    ProcessBuilder process = new ProcessBuilder(command).directory(temp.toFile());
    process.environment().clear();
    process.environment().putAll(environment);
    return process.redirectOutput(output.toFile()).redirectError(messages.toFile());
  }
}
