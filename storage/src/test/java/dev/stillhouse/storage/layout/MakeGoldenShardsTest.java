package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Writes the golden shards of a new release: only where the system property {@code
 * stillhouse.golden} names a folder that they are to be written to. Those of a release are never
 * written again.
 */
class MakeGoldenShardsTest {
  @Test
  void writesShardsOfEveryGeneration() throws IOException {
    String folder = System.getProperty("stillhouse.golden");
    assumeTrue(folder != null, "stillhouse.golden names no folder");
    Path directory = Files.createDirectories(Path.of(folder));
    for (String name : List.of("rows", "columns", "planes", "adaptive", "adaptive:bound=0.05")) {
      Layout layout = Layouts.named(name);
      for (GoldenBatches golden : GoldenBatches.values()) {
        if (name.contains(":") && golden != GoldenBatches.TOP_P) {
          continue; // One of them shows what a bound changes.
        }
        StatisticsBatch batch = golden.batch();
        ShardHeader header =
            SealedShard.header(layout, golden.statistic(), GoldenBatches.VOCABULARY, batch);
        SealedShard shard = SealedShard.write(layout, header, batch);
        String file = name.replace(":bound=", "-") + "-" + golden.name().replace('_', '-');
        Files.write(directory.resolve(file.toLowerCase(Locale.ROOT) + ".parquet"), shard.bytes());
      }
    }
  }
}
