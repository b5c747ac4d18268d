package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tool that knows nothing of Stillhouse reads the same values (law 2). */
class DuckDbTest {
  private static final int ROWS = 30;
  private static final int LENGTH = 700; // several row groups in each layout

  private static final String ROW_IDS =
      "list_transform(entries, lambda p: list_transform(p, lambda e: e.id))";
  private static final String ROW_LOG_PROBS =
      "list_transform(entries, lambda p: list_transform(p, lambda e: e.log_prob))";

  private static final String ROW_REASONS =
      "list_transform(entries, lambda p: list_transform(p, lambda e: e.reasons))";
  private static final String ROW_COUNTS =
      "list_transform(entries, lambda p: list_transform(p, lambda e: e.count))";
  private static final String ROW_LOG_PROPOSALS =
      "list_transform(entries, lambda p: list_transform(p, lambda e: e.log_proposal))";

  @TempDir Path directory = Path.of("unset");
  private final StatisticsBatch batch = batch(StatisticSpec.ofTopK(5));

  private static StatisticsBatch batch(StatisticSpec spec) {
    Random random = new Random(1);
    TokenBatch tokens = SampleBatches.tokens(random, 100, ROWS, LENGTH, 1000);
    return SampleBatches.statistics(random, tokens, 5, 1000, spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"rows;" + ROW_IDS + ";" + ROW_LOG_PROBS, "columns;ids;log_probs"})
  void readsWhatWasWritten(String name, String ids, String logProbs) throws Exception {
    Layout layout = Layouts.named(name);
    Path file = write(layout, StatisticSpec.ofTopK(5), batch);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select sequence, fingerprint, tokens, segments, "
                    + ids
                    + ", "
                    + logProbs
                    + ", log_tail, entropy, log_normaliser, target_log_prob from read_parquet('"
                    + file
                    + "') order by sequence")) {
      for (int row = 0; row < ROWS; row++) {
        assertTrue(found.next());
        assertEquals(100 + row, found.getLong(1));
        assertArrayEquals(batch.tokens().fingerprint(row), found.getBytes(2));
        Object[] tokens = list(found, 3);
        Object[] segments = list(found, 4);
        Object[] entryIds = list(found, 5);
        Object[] entryLogProbs = list(found, 6);
        for (int i = 0; i < LENGTH; i++) {
          int slot = row * LENGTH + i;
          assertEquals(batch.tokens().tokens()[slot], tokens[i]);
          assertEquals(batch.tokens().segments()[slot], segments[i]);
          assertEntries(layout, slot, array(entryIds[i]), array(entryLogProbs[i]));
        }
        assertScalars(batch.logTail(), row, list(found, 7));
        assertScalars(batch.entropy(), row, list(found, 8));
        assertScalars(batch.logNormaliser(), row, list(found, 9));
        assertScalars(batch.targetLogProb(), row, list(found, 10));
      }
      assertFalse(found.next());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "rows;" + ROW_REASONS + ";" + ROW_COUNTS + ";" + ROW_LOG_PROPOSALS,
        "columns;reasons;counts;log_proposals"
      })
  void readsWhatUnionsHave(String name, String reasons, String counts, String logProposals)
      throws Exception {
    StatisticSpec spec =
        StatisticSpec.parse("top-k:5+sample:9,temperature=2.0+normaliser-at:0.5,2.0");
    StatisticsBatch union = batch(spec);
    Path file = write(Layouts.named(name), spec, union);
    String columns =
        String.join(
            ", ", reasons, counts, logProposals, "\"normaliser_at_0.5\"", "\"normaliser_at_2.0\"");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select " + columns + " from read_parquet('" + file + "') order by sequence")) {
      for (int row = 0; row < ROWS; row++) {
        assertTrue(found.next());
        Object[] foundReasons = list(found, 1);
        Object[] foundCounts = list(found, 2);
        Object[] foundProposals = list(found, 3);
        for (int i = 0; i < LENGTH; i++) {
          Provenance provenance = union.provenance();
          int slot = row * LENGTH + i;
          assertValues(union, slot, e -> provenance.reasons()[e], foundReasons[i]);
          assertValues(union, slot, e -> provenance.counts()[e], foundCounts[i]);
          assertValues(union, slot, e -> provenance.logProposals()[e], foundProposals[i]);
        }
        assertScalars(union.further()[0], row, list(found, 4));
        assertScalars(union.further()[1], row, list(found, 5));
      }
      assertFalse(found.next());
    }
  }

  private static void assertValues(
      StatisticsBatch union, int slot, IntFunction<Object> value, Object found)
      throws SQLException {
    IntStream entries = IntStream.range(union.offsets()[slot], union.offsets()[slot + 1]);
    assertArrayEquals(entries.mapToObj(value).toArray(), array(found));
  }

  @ParameterizedTest
  @CsvSource({"rows", "columns", "planes", "adaptive"})
  void showsTheHeader(String name) throws Exception {
    Path file = write(Layouts.named(name), StatisticSpec.ofTopK(5), batch);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select value from parquet_kv_metadata('"
                    + file
                    + "') where decode(key) = 'stillhouse.layout'")) {
      assertTrue(found.next());
      assertEquals(name, new String(found.getBytes(1), StandardCharsets.UTF_8));
      assertFalse(found.next());
    }
  }

  @ParameterizedTest
  @CsvSource({"columns,reference/columns.md", "planes,design/generations/planes.md"})
  void theQueriesOfThePagesRun(String name, String page) throws Exception {
    Path file = write(Layouts.named(name), StatisticSpec.ofTopK(5), batch);
    String text = Files.readString(Path.of("../docs").resolve(page));
    List<String> queries =
        Pattern.compile("(?s)```sql\n(.*?)```")
            .matcher(text)
            .results()
            .map(block -> block.group(1).replace("my-dataset/shards/*.parquet", file.toString()))
            .toList();
    assertEquals(1, queries.size());
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found = statement.executeQuery(queries.get(0))) {
      for (int row = 0; row < ROWS; row++) {
        assertTrue(found.next());
        assertEquals(100 + row, found.getLong(1));
      }
      assertFalse(found.next());
    }
  }

  /** DuckDB inflates the planes; what is in them is put together here as the grammar says. */
  @Test
  void seesPlanes() throws Exception {
    Path file = write(Layouts.named("planes"), StatisticSpec.ofTopK(5), batch);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select sequence, fingerprint, tokens, entropy, ids_0_low, ids_0_high,"
                    + " log_probs_0_high, log_probs_0_low, octet_length(escapes)"
                    + " from read_parquet('"
                    + file
                    + "') order by sequence")) {
      for (int row = 0; row < ROWS; row++) {
        assertTrue(found.next());
        assertEquals(100 + row, found.getLong(1));
        assertArrayEquals(batch.tokens().fingerprint(row), found.getBytes(2));
        byte[] tokens = found.getBytes(3);
        byte[] entropy = found.getBytes(4);
        byte[][] planes = new byte[4][];
        for (int plane = 0; plane < 4; plane++) {
          planes[plane] = found.getBytes(5 + plane);
        }
        for (int i = 0; i < LENGTH; i++) {
          int slot = row * LENGTH + i;
          assertEquals(batch.tokens().tokens()[slot], number(tokens, LENGTH, i, 1, 0));
          int bits = number(entropy, LENGTH, i, 0, 1, 2, 3);
          assertEquals(Float.floatToIntBits(batch.entropy()[slot]), bits);
        }
        int escapes = 0;
        int first = batch.offsets()[row * LENGTH];
        int entries = batch.offsets()[(row + 1) * LENGTH] - first;
        assertEquals(entries, planes[0].length);
        for (int e = 0; e < entries; e++) {
          int id = (planes[1][e] & 0xff) << 8 | (planes[0][e] & 0xff);
          assertEquals(batch.ids()[first + e], id);
          int code = (planes[2][e] & 0xff) << 8 | (planes[3][e] & 0xff);
          float got = Float.intBitsToFloat(0x80000000 + ((code + 82_944) << 13));
          float want = batch.logProbs()[first + e];
          escapes += Float.isInfinite(want) || want == 0 ? 1 : 0;
          assertTrue(
              Float.isInfinite(want)
                  || want == 0
                  || Math.abs(want - got) <= Math.abs(want) * 0x1p-11f,
              want + ", " + got);
        }
        assertEquals(8 * escapes, found.getInt(9));
      }
      assertFalse(found.next());
    }
  }

  /** Number {@code i} of planes of {@code n} bytes, named from the highest byte to the lowest. */
  private static int number(byte[] bytes, int n, int i, int... planes) {
    int number = 0;
    for (int plane : planes) {
      number = number << 8 | (bytes[plane * n + i] & 0xff);
    }
    return number;
  }

  private Path write(Layout layout, StatisticSpec spec, StatisticsBatch batch) throws IOException {
    Path file = directory.resolve("shard.parquet");
    ShardHeader header =
        new ShardHeader(layout.name(), spec.toString(), "a-1", "t", "t", 1000, 100, ROWS, LENGTH);
    try (ShardWriter writer = layout.writer(file, header)) {
      writer.write(batch);
      writer.finish();
    }
    return file;
  }

  private void assertEntries(Layout layout, int slot, Object[] ids, Object[] logProbs) {
    int from = batch.offsets()[slot];
    int to = batch.offsets()[slot + 1];
    assertArrayEquals(Arrays.stream(batch.ids(), from, to).boxed().toArray(), ids);
    assertEquals(to - from, logProbs.length);
    for (int e = 0; e < to - from; e++) {
      float want = batch.logProbs()[from + e];
      float got = (Float) logProbs[e];
      assertTrue(want == got || Math.abs(want - got) <= layout.bound(want), want + ", " + got);
    }
  }

  private static void assertScalars(float[] want, int row, Object[] got) {
    assertEquals(LENGTH, got.length);
    for (int i = 0; i < LENGTH; i++) {
      float value = want[row * LENGTH + i];
      if (Float.isNaN(value)) {
        assertEquals(null, got[i]);
      } else {
        assertEquals(value, got[i]);
      }
    }
  }

  private static Object[] list(ResultSet found, int column) throws SQLException {
    return array(found.getArray(column));
  }

  private static Object[] array(Object list) throws SQLException {
    return (Object[]) ((java.sql.Array) list).getArray();
  }
}
