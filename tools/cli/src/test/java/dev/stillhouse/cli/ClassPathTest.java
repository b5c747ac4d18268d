package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command line drags along, and what it does without the module of benchmarks. */
class ClassPathTest {
  /** That of tests holds that of the launcher, and a little more. */
  private static final List<String> JARS =
      Splitter.on(File.pathSeparatorChar)
          .splitToStream(System.getProperty("java.class.path"))
          .map(entry -> Path.of(entry).getFileName().toString())
          .toList();

  @Test
  void noFormatThatBenchmarksCompareWith() {
    assertTrue(JARS.stream().anyMatch(jar -> jar.startsWith("parquet-hadoop-")), JARS.toString());
    assertEquals(
        List.of(),
        JARS.stream()
            .filter(
                jar -> jar.matches("(lance|vortex|arrow-c-data|arrow-compression|jar-jni)\\b.*"))
            .toList());
  }

  @Test
  void benchIsKnownAndSaysHowToStartIt() {
    assertTrue(Command.run("--help").out().contains("bench "));
    Command.run("bench", "layouts", "x", "--seconds", 1).fails(2, "./stillhouse bench");
    String help = Command.run("bench", "--help").succeeds().out();
    assertTrue(help.contains("layouts") && help.contains("stillhouse bench --help"), help);
  }
}
