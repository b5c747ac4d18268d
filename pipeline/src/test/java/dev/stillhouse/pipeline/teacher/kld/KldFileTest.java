package dev.stillhouse.pipeline.teacher.kld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of llama.cpp, with its golden values; files that are damaged. */
class KldFileTest {
  @TempDir Path folder;

  private static Path data(String name) {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set");
    return Path.of(data, "served", "llamacpp", name);
  }

  private static DenseTeacher open(Path file) {
    return (DenseTeacher) Teachers.named("kld").open(file.toString(), Optional.empty());
  }

  private static TokenBatch tokens(Path path) {
    try (KldFile file = new KldFile(path)) {
      TokenBatch batch = TokenBatch.room(0, file.chunks(), file.chunkTokens());
      for (int chunk = 0; chunk < file.chunks(); chunk++) {
        int length = file.chunkTokens();
        System.arraycopy(file.tokens(chunk), 0, batch.tokens(), chunk * length, length);
      }
      return batch;
    }
  }

  private Path recorded() throws IOException {
    Path file = folder.resolve("c16.kld");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(data("c16.kld.gz")))) {
      Files.copy(in, file);
    }
    return file;
  }

  @Test
  void aFileOfLlamaCppHasItsGoldenValues() throws IOException {
    Path file = recorded();
    JsonNode golden;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(data("c16.golden.json.gz")))) {
      golden = new ObjectMapper().readTree(in);
    }
    try (DenseTeacher teacher = open(file)) {
      StatisticSpec spec = StatisticSpec.parse("top-k:64+target");
      StatisticsBatch answer =
          new StatisticsAssembler(teacher, spec, teacher.vocabulary()).read(tokens(file));
      int records = 0;
      for (JsonNode record : golden.get("records")) {
        int slot = record.get("chunk").asInt() * 16 + record.get("position").asInt();
        double mass = record.get("mass").asDouble();
        assertEquals(Math.log(mass), answer.logNormaliser()[slot], 1e-5);
        assertEquals(record.get("entropy_renormalised").asDouble(), answer.entropy()[slot], 1e-4);
        JsonNode best = record.get("top_ids");
        for (int e = 0; e < 60; e++) {
          int at = answer.find(slot, best.get(e).asInt());
          assertTrue(at >= 0, "slot " + slot + ": " + best.get(e));
          double there = record.get("top_log_probs_renormalised").get(e).asDouble();
          assertEquals(there, answer.logProbs()[at], 1e-5);
        }
        records++;
      }
      assertEquals(14, records);
      for (int slot : new int[] {0, 7, 15, 16, 23, 31}) {
        assertEquals(0, answer.offsets()[slot + 1] - answer.offsets()[slot]);
        assertEquals(0f, answer.logTail()[slot], "nothing is known: all is in the tail");
        assertTrue(Float.isNaN(answer.targetLogProb()[slot]));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8 | 0 | offset 8: 0 tokens of a chunk",
        "8 | -5 | offset 8: -5 tokens of a chunk",
        "12 | 1 | offset 12: 1 ids of the vocabulary",
        "12 | 2000000000 | offset 12: 2000000000 ids",
        "16 | 0 | offset 16: 0 chunks",
        "16 | 2147483647 | chunks of 12 tokens, need at most",
        "16 | 9 | it was cut off, or is still being written",
        "16 | 2 | it is of another version",
        "0 | 7 | begins with '",
        "20 | 51 | chunk 0, position 0: token id 51 is outside the vocabulary of 51",
        "20 | -1 | chunk 0, position 0: token id -1",
        "164 | 2143289344 | a record has scale NaN",
        "164 | -1 | a record has scale NaN",
        "168 | 1065353216 | floor 1.0",
        "168 | 2143289344 | floor NaN",
      })
  void whatIsDamagedIsNamedWithItsPlace(int offset, int value, String said) throws IOException {
    Path file = KldContractTest.write(folder.resolve("base.kld"), 3);
    TokenBatch tokens = tokens(file);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    Files.write(file, bytes);
    DataException e = assertThrows(DataException.class, () -> read(file, tokens));
    assertTrue(e.getMessage().contains(said), e.getMessage());
    assertTrue(e.getMessage().contains("base.kld"), e.getMessage());
  }

  private static StatisticsBatch read(Path file, TokenBatch tokens) {
    try (DenseTeacher teacher = open(file)) {
      StatisticSpec spec = StatisticSpec.ofTopK(3);
      return new StatisticsAssembler(teacher, spec, teacher.vocabulary()).read(tokens);
    }
  }

  @Test
  void aFileThatIsCutAnywhereIsRefused() throws IOException {
    Path file = KldContractTest.write(folder.resolve("base.kld"), 3);
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      assertThrows(DataException.class, () -> new KldFile(file).close());
    }
  }

  @Test
  void otherTokensThanItsOwnAreRefused() throws IOException {
    Path file = KldContractTest.write(folder.resolve("base.kld"), 3);
    TokenBatch tokens = tokens(file);
    tokens.tokens()[13] ^= 1;
    DataException e = assertThrows(DataException.class, () -> read(file, tokens));
    assertTrue(e.getMessage().contains("sequence 1, position 1: "), e.getMessage());
    TokenBatch longer = TokenBatch.room(0, 1, 13);
    e = assertThrows(DataException.class, () -> read(file, longer));
    assertTrue(e.getMessage().contains("leave out --corpus and --tokens"), e.getMessage());
    assertThrows(UsageException.class, () -> Teachers.named("kld").open("", Optional.empty()));
  }
}
