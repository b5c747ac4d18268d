package dev.stillhouse.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.cli.DocsCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every benchmark of README and docs as it stands there. */
@Tag("slow")
class DocsBenchTest {
  @TempDir Path directory;

  @Test
  void everyBenchmarkWorksAsPasted() throws Exception {
    List<String> all = DocsCommands.all();
    List<String> commands = new ArrayList<>();
    // The dataset that the benchmarks read is made by an earlier command.
    commands.add(all.stream().filter(line -> line.endsWith("--out my-dataset")).findFirst().get());
    List<String> benchmarks = all.stream().filter(DocsCommands::isBenchmark).toList();
    assertTrue(benchmarks.size() >= 3, benchmarks.toString());
    commands.addAll(benchmarks);
    DocsCommands.in(directory).run(commands);
  }
}
