package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Launchers that start at once build once. */
class LauncherLockTest extends LauncherTestBase {
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
}
