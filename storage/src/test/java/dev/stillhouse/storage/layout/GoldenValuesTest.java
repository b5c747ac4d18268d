package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.storage.Vectors;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Law 9: what a release wrote is read for ever, to the bit. The values beside each shard were read
 * from it by a Python program that knows the grammars and none of this code.
 */
class GoldenValuesTest {
  private static final Path GOLDEN = Path.of("..", "testdata", "golden");
  private static final List<String> GENERATIONS = List.of("rows", "columns", "planes", "adaptive");

  static Stream<Path> values() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @Test
  void everyShardHasValues() throws IOException {
    assertEquals(Optional.empty(), Vectors.unavailableReason());
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      List<Path> shards = files.filter(file -> file.toString().endsWith(".parquet")).toList();
      assertTrue(shards.size() > GENERATIONS.size() * GoldenBatches.values().length);
      for (Path shard : shards) {
        assertTrue(Files.exists(json(shard)), () -> shard + " has no values beside it");
      }
    }
  }

  private static Path json(Path shard) {
    return shard.resolveSibling(shard.getFileName().toString().replace(".parquet", ".json"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void isReadToTheBit(Path json) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(json.toFile());
    String layout = expected.get("layout").textValue();
    try {
      check(expected, json);
    } catch (RuntimeException | AssertionError e) {
      String generation = layout.replaceFirst(":.*", "");
      throw new AssertionError(
          String.format(
              "generation %d (%s) of %s is no longer readable: %s: %s",
              GENERATIONS.indexOf(generation) + 1,
              layout,
              json.getName(json.getNameCount() - 2).toString().replace('-', ' '),
              json.getFileName().toString().replace(".json", ".parquet"),
              e.getMessage()),
          e);
    }
  }

  private static void check(JsonNode expected, Path json) throws IOException {
    String name = json.getFileName().toString().replace(".json", ".parquet");
    byte[] bytes = Files.readAllBytes(json.resolveSibling(name));
    int thrift = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 2 * 4);
    SealedShard shard = Forgery.resealed(bytes, thrift + 2 * 4);
    shard.checkBody();
    ShardHeader header = shard.open().header();
    assertEquals(expected.get("layout").textValue(), header.layout());
    assertEquals(expected.get("statistic").textValue(), header.statistic());
    assertEquals(expected.get("first_sequence").textValue(), "" + header.firstSequence());
    assertEquals(expected.get("sequence_length").textValue(), "" + header.sequenceLength());
    StatisticsBatch read = shard.read(0, header.sequences(), Projection.ALL);
    JsonNode rows = expected.get("values");
    assertEquals(rows.size(), read.tokens().sequences());
    for (int row = 0; row < rows.size(); row++) {
      row(rows.get(row), read, row);
    }
  }

  private static void row(JsonNode expected, StatisticsBatch read, int row) {
    int length = read.tokens().length();
    assertEquals(expected.get("sequence").longValue(), read.tokens().firstSequence() + row);
    String fingerprint = HexFormat.of().formatHex(read.tokens().fingerprint(row));
    assertEquals(expected.get("fingerprint").textValue(), fingerprint);
    int used = expected.get("tokens").size();
    for (int t = 0; t < length; t++) {
      String where = "sequence " + expected.get("sequence") + ", position " + t;
      int slot = row * length + t;
      if (t < used) {
        assertEquals(expected.get("tokens").get(t).intValue(), read.tokens().tokens()[slot], where);
        assertEquals(
            expected.get("segments").get(t).intValue(), read.tokens().segments()[slot], where);
        entries(expected, read, slot, t, where);
      } else {
        assertTrue(read.tokens().padding(slot), where);
        assertEquals(read.offsets()[slot], read.offsets()[slot + 1], where);
      }
      scalars(expected, read, slot, t < used ? t : -1, where);
    }
  }

  private static void entries(
      JsonNode expected, StatisticsBatch read, int slot, int t, String where) {
    int from = read.offsets()[slot];
    int n = read.offsets()[slot + 1] - from;
    assertEquals(expected.get("ids").get(t).size(), n, where);
    Provenance provenance = read.provenance();
    for (int e = 0; e < n; e++) {
      String at = where + ", entry " + e;
      assertEquals(expected.get("ids").get(t).get(e).intValue(), read.ids()[from + e], at);
      assertBits(expected.get("log_probs").get(t).get(e), read.logProbs()[from + e], at);
      assertEquals(expected.has("reasons"), provenance.reasons().length > 0);
      assertEquals(expected.has("counts"), provenance.counts().length > 0);
      assertEquals(expected.has("log_proposals"), provenance.logProposals().length > 0);
      if (expected.has("reasons")) {
        int reasons = expected.get("reasons").get(t).get(e).intValue();
        assertEquals(reasons, provenance.reasons()[from + e], at);
      }
      if (expected.has("counts")) {
        int count = expected.get("counts").get(t).get(e).intValue();
        assertEquals(count, provenance.counts()[from + e], at);
      }
      if (expected.has("log_proposals")) {
        JsonNode logProposal = expected.get("log_proposals").get(t).get(e);
        assertBits(logProposal, provenance.logProposals()[from + e], at);
      }
    }
  }

  /** Those of a position, or with {@code t} -1 of padding, where all are missing. */
  private static void scalars(
      JsonNode expected, StatisticsBatch read, int slot, int t, String where) {
    ShardHeaderScalars names = new ShardHeaderScalars(expected);
    for (int i = 0; i < names.all().size(); i++) {
      float value =
          switch (i) {
            case 0 -> read.logTail()[slot];
            case 1 -> read.entropy()[slot];
            case 2 -> read.logNormaliser()[slot];
            case 3 -> read.targetLogProb()[slot];
            default -> read.further()[i - 4][slot];
          };
      String at = where + ", " + names.all().get(i);
      if (t < 0) {
        assertTrue(Float.isNaN(value), at);
      } else {
        assertBits(expected.get(names.all().get(i)).get(t), value, at);
      }
    }
  }

  /** Names of the scalars of a sequence, in the order of a shard. */
  private record ShardHeaderScalars(JsonNode sequence) {
    List<String> all() {
      Stream<String> always = Stream.of("log_tail", "entropy", "log_normaliser", "target_log_prob");
      Stream<String> further =
          sequence.properties().stream()
              .map(property -> property.getKey())
              .filter(name -> name.startsWith("normaliser_at_"));
      return Stream.concat(always, further).toList();
    }
  }

  private static void assertBits(JsonNode expected, float found, String where) {
    String bits = Float.isNaN(found) ? null : String.format("%08x", Float.floatToRawIntBits(found));
    assertEquals(expected.textValue(), bits, where);
  }
}
