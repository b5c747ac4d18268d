package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmarks: built for {@code bench} alone, and only then on the class path. */
class LauncherBenchTest extends LauncherTestBase {
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
}
