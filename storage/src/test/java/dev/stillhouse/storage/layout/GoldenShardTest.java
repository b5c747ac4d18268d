package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same batch gives the bytes that it always gave (laws 4 and 9): a generation is never edited
 * in place. A new release of Parquet or zstd may change these sums, and is then a new arithmetic.
 */
class GoldenShardTest {
  @TempDir Path directory = Path.of("unset");

  @ParameterizedTest
  @CsvSource({
    "rows, top-k:6+sample:9;temperature=2.0+normaliser-at:2.0, 7dc886a362fb5e4c2757ab08377589d19b19c981e050dbb94bf61daeb1570d96",
    "columns, top-k:6+sample:9;temperature=2.0+normaliser-at:2.0, 211b29eabca7f18b2d96077abfeb4999dd2b04d08194698a807e0ea089f60a36",
    "planes, top-k:6+sample:9;temperature=2.0+normaliser-at:2.0, 418e1753095dd994547157e2ca79674dcde2b335eeffbd8f3e7e88d6b61d0b7a",
    "planes, top-k:6, 27e7c2675669d01a2e0ebf22637021525f9056644710a65177de7ec44edb1ab7",
    "adaptive, top-k:6+sample:9;temperature=2.0+normaliser-at:2.0, 3cea4e75a464cfa06dab485f18e34531935cb1d2cef427f4f97d925e1ab80481",
    "adaptive, top-k:6, 7cf845009b8694527d023b89c4e0779dd2c812cf1064bf1b5e74d0ec3bf422c5",
    "rows, top-k:6, 8ece89ca73e7fd631a8cc1428cb098703d2e184e75ccb49b044e1e2b03f11aa8",
    "columns, top-k:6, dbb64484039f49b3ce42f44c64fa74edd3c7988744e9320a01cc77b03a4d7772"
  })
  void givesTheBytesThatItAlwaysGave(String name, String statistic, String sha256)
      throws IOException {
    Random random = new Random(6);
    TokenBatch tokens = SampleBatches.tokens(random, 10, 30, 700, 1000);
    StatisticSpec spec = StatisticSpec.parse(statistic.replace(';', ','));
    StatisticsBatch batch = SampleBatches.statistics(random, tokens, 6, 1000, spec);
    ShardHeader header =
        new ShardHeader(name, spec.toString(), "a-1", "teacher", "tokenizer", 1000, 10, 30, 700);
    try (ShardWriter writer =
        Layouts.named(name).writer(directory.resolve("shard.parquet"), header)) {
      writer.write(batch);
      assertEquals(sha256, writer.finish().sha256());
    }
  }
}
