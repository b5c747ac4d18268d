package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of the README but the benchmarks, one after another, as they stand there. */
class ReadmeTest {
  @TempDir Path directory;

  @Test
  void everyCommandWorksAsPasted() throws Exception {
    List<String> all = ReadmeCommands.all();
    assertTrue(all.size() >= 8, all.toString());
    ReadmeCommands commands = ReadmeCommands.in(directory);
    for (String command : all) {
      if (!ReadmeCommands.isBenchmark(command)) {
        commands.run(command);
      }
    }
  }
}
