package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.cli.ReadmeCommands;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every benchmark of the README as it stands there. */
class ReadmeBenchTest {
  @TempDir Path directory;

  @Test
  void everyBenchmarkWorksAsPasted() throws Exception {
    List<String> all = ReadmeCommands.all();
    ReadmeCommands commands = ReadmeCommands.in(directory);
    // The dataset that the benchmarks read is made by an earlier command.
    commands.run(all.stream().filter(line -> line.endsWith("--out my-dataset")).findFirst().get());
    List<String> benchmarks = all.stream().filter(ReadmeCommands::isBenchmark).toList();
    assertTrue(benchmarks.size() >= 3, benchmarks.toString());
    for (String benchmark : benchmarks) {
      commands.run(benchmark);
    }
  }
}
