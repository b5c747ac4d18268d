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

/** When the launcher builds the program, and what it says of a build. */
class LauncherBuildTest extends LauncherTestBase {
  @Test
  void refusesToBuildWithoutMaven() throws Exception {
    jdk("places/a", "25");
    Files.delete(path.resolve("mvn"));
    assertRefused("no Maven on the PATH");
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

  @Test
  void saysHowFarABuildIs() throws Exception {
    jdk("places/a", "25");
    String said = start().messages();
    assertTrue(said.contains("part 2/4: storage"), said);
    assertTrue(said.contains("50 files downloaded"), said);
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
}
