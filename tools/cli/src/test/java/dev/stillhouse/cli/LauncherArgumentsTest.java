package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the launcher hands on: paths, arguments, the limit of open files and the exit code. */
class LauncherArgumentsTest extends LauncherTestBase {
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
  void refusesAPathThatJavaWouldPartAtAColon() throws Exception {
    jdk("places/a", "25");
    Path moved = temp.resolve("at:colon");
    Files.move(repository, moved);
    repository = moved;
    assertRefused("':'");
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
}
