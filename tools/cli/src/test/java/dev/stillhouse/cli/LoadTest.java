package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code load} as a student's user has it: cursors, ranks, joins, mixtures, Arrow. */
class LoadTest {
  @TempDir static Path directory;
  private static Path columns = Path.of("unset");
  private static JsonNode extracted = new ObjectMapper().nullNode();

  @BeforeAll
  static void extract() throws IOException {
    Path text = TestTexts.text(directory.resolve("book.txt"), 12_000);
    columns = directory.resolve("columns");
    extracted = TestDatasets.columns(text, columns).json();
  }

  @Test
  void loadStopsAndResumesWithEqualDigests() throws IOException {
    JsonNode whole = Command.run("load", columns, "--seed", 3, "--batch", 5, "--json").json();
    assertEquals(
        ImmutableList.of(
            "epoch",
            "firstEpoch",
            "samples",
            "positions",
            "digest",
            "contentDigest",
            "seconds",
            "positionsPerSecond",
            "firstBatchSeconds",
            "stallSeconds",
            "cursor",
            "ledger"),
        ImmutableList.copyOf(whole.fieldNames()));
    Path cursor = directory.resolve("cursor.json");
    JsonNode half =
        Command.line(
                "load %s --seed 3 --batch 4 --stop-after 7 --cursor %s --json", columns, cursor)
            .json();
    assertEquals(7, half.get("samples").asInt());
    assertTrue(Files.size(cursor) < 200, Files.readString(cursor));
    Command.run("load", columns, "--batch", 3, "--cursor", cursor)
        .fails(2, "batch is 4", "--batch");
    Command.run("cursor", cursor, "--batch", 3, "--out", cursor).succeeds();
    JsonNode rest = Command.run("load", columns, "--batch", 3, "--cursor", cursor, "--json").json();
    assertEquals(whole.get("digest"), rest.get("digest"));
    assertEquals(whole.get("contentDigest"), rest.get("contentDigest"));
    assertNotEquals(half.get("digest"), rest.get("digest"));
    JsonNode other = Command.run("load", columns, "--seed", 4, "--json").json();
    assertNotEquals(whole.get("digest"), other.get("digest"), "another order");
    assertEquals(whole.get("contentDigest"), other.get("contentDigest"), "the same values");
  }

  @Test
  void ranksTogetherConsumeWhatOneDoes() throws IOException {
    JsonNode whole = Command.run("load", columns, "--epochs", 2, "--batch", 5, "--json").json();
    List<Object> add = new ArrayList<>(List.of("cursor", "--json"));
    long samples = 0;
    for (int rank = 0; rank < 3; rank++) {
      Path cursor = directory.resolve("rank-" + rank + ".json");
      samples +=
          Command.line(
                  "load %s --epochs 2 --batch 5 --rank %s --ranks 3 --cursor %s --json",
                  columns, rank, cursor)
              .json()
              .get("samples")
              .asLong();
      add.add(cursor);
    }
    assertEquals(whole.get("samples").asLong(), samples);
    assertEquals(whole.get("cursor"), Command.run(add.toArray()).json());
    Command.run("cursor", add.get(2), add.get(3)).fails(2, "rank 2's is missing");
    Command.run("load", columns, "--cursor", add.get(2)).fails(2, "0/3", "merge");
    Command.run("load", columns, "--rank", 1).fails(2, "--ranks");
    Command.run("load", columns, "--rank", 3, "--ranks", 3).fails(2, "rank 3 of 3");
    Command.run("load", columns, "--rank", 0, "--ranks", 0).fails(2, "rank 0 of 0");
  }

  @Test
  void joinsAndMixes() throws IOException {
    Path rows = directory.resolve("joined");
    Command.run("extract", "--tokens", columns, "--layout", "rows", "--out", rows).succeeds();
    Path arrow = directory.resolve("joined.arrow");
    JsonNode joined =
        Command.run("load", columns, "--with", rows, "--arrow", arrow, "--json").json();
    JsonNode alone = Command.run("load", columns, "--json").json();
    assertEquals(alone.get("digest"), joined.get("digest"));
    assertNotEquals(alone.get("contentDigest"), joined.get("contentDigest"));
    assertTrue(Files.size(arrow) > 0 && Files.size(directory.resolve("joined.arrow.1")) > 0);
    Path other = directory.resolve("other-corpus");
    Command.line(
            "extract --corpus %s --sequence-length 128 --statistic top-k:16 --out %s",
            TestTexts.text(directory.resolve("other.txt"), 3000), other)
        .succeeds();
    Command.run("load", columns, "--with", other).fails(1, "the first that differs");
    JsonNode mixed =
        Command.run("load", "--mix", columns + ":0.7," + other + ":0.3", "--json").json();
    assertTrue(mixed.get("samples").asLong() > alone.get("samples").asLong());
    Command.run("load", "--mix", columns + ":x").fails(2, "need a number");
    Command.run("load", "--mix", columns + ":0").fails(2, "all weights are 0");
    Command.run("load", columns, "--mix", columns + ":1").fails(2, "need DATASET, or --mix");
    Command.run("load").fails(2, "need DATASET");
  }

  @Test
  void shufflesAsItIsTold() throws IOException {
    JsonNode global = Command.run("load", columns, "--shuffle", "global", "--json").json();
    JsonNode none = Command.run("load", columns, "--shuffle", "none", "--json").json();
    JsonNode blocks = Command.run("load", columns, "--shuffle", "blocks:1", "--json").json();
    assertEquals(global.get("contentDigest"), none.get("contentDigest"));
    assertEquals(global.get("contentDigest"), blocks.get("contentDigest"));
    assertNotEquals(global.get("digest"), none.get("digest"));
    assertTrue(blocks.get("cursor").get("order").asText().startsWith("blocks:1/"));
    Command.run("load", columns, "--shuffle", "some").fails(2, "need none, global, blocks:W");
    Command.run("load", columns, "--batch", 9999).fails(2, "batch 9999", "sequences");
  }

  @Test
  void loadWritesArrow() throws IOException {
    Path file = directory.resolve("epoch.arrow");
    long sequences =
        Command.run("load", columns, "--arrow", file, "--json").json().get("samples").asLong();
    long rows = 0;
    try (RootAllocator allocator = new RootAllocator();
        FileChannel channel = FileChannel.open(file);
        ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
      assertEquals(10, reader.getVectorSchemaRoot().getFieldVectors().size());
    }
    assertEquals(sequences, rows);
  }

  @Test
  void positionsAreThoseThatInspectTells() throws IOException {
    JsonNode loaded = Command.run("load", columns, "--json").json();
    assertEquals(extracted.get("positions"), loaded.get("positions"));
    assertTrue(
        loaded.get("positions").asLong() < loaded.get("samples").asLong() * 128, "padding counts");
    Command both = Command.run("load", columns, "--epochs", 2).succeeds();
    assertTrue(both.out().startsWith("epochs 0 to 1: "), both.out());
  }

  @Test
  void ranksTakeTurnsWithWhatDoesNotDivide() throws IOException {
    List<Long> samples = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      Command one =
          Command.run(
              "load", columns, "--batch", 5, "--rank", rank, "--ranks", 2, "--epochs", 4, "--json");
      samples.add(one.json().get("samples").asLong());
      assertTrue(one.err().contains("steps of 5 sequences do not divide by 2 ranks"), one.err());
    }
    assertTrue(Math.abs(samples.get(0) - samples.get(1)) <= 4, samples + ", one an epoch at most");
    Command few = Command.run("load", columns, "--batch", 2, "--rank", 0, "--ranks", 4, "--json");
    assertTrue(few.err().contains("some ranks have none"), few.err());
    assertTrue(few.json().get("samples").asLong() > 0, "every rank gets some");
  }

  @Test
  void aCursorThatIsNamedToBeReadMustBeThere() throws IOException {
    Path missing = directory.resolve("misspelt.json");
    Command.run("load", columns, "--resume", missing).fails(1, "--resume", "no such file");
    Command begun = Command.run("load", columns, "--stop-after", 3, "--cursor", missing).succeeds();
    assertTrue(begun.err().contains("is new: the loader begins at the start"), begun.err());
    byte[] kept = Files.readAllBytes(missing);
    Path next = directory.resolve("next.json");
    Command.run("load", columns, "--resume", missing, "--cursor", next).succeeds();
    assertArrayEquals(kept, Files.readAllBytes(missing), "--resume only reads");
    assertNotEquals(Files.readString(missing), Files.readString(next));
    Path random = Files.write(directory.resolve("random"), new byte[] {(byte) 0xff, 1, 2});
    Command.run("load", columns, "--resume", random).fails(1, "not UTF-8 text");
  }

  @Test
  void arrowOfALoadThatFailsIsAbsentAndItsCursorStays() throws IOException {
    Path damaged = directory.resolve("half");
    TestDatasets.copy(columns, damaged);
    Path shard = TestDatasets.anyFile(damaged.resolve("shards"));
    TestDatasets.flip(shard);
    Path cursor = directory.resolve("half.json");
    Command.run("load", damaged, "--shuffle", "none", "--stop-after", 0, "--cursor", cursor);
    String before = Files.readString(cursor);
    Path arrow = directory.resolve("half.arrow");
    Command.run("load", damaged, "--batch", 1, "--arrow", arrow, "--resume", cursor)
        .fails(2, "batch is");
    Command.run("load", damaged, "--arrow", arrow, "--cursor", cursor).fails(1, "CRC32C");
    assertFalse(Files.exists(arrow), "half a file would open");
    assertEquals(before, Files.readString(cursor), "what the file held is not consumed");
    try (var files = Files.list(directory)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
    }
  }

  @Test
  void arrowGoesToStandardOutputAsAStream() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(0, Stillhouse.run(out, err, "load", columns.toString(), "--arrow", "-"));
    long rows = 0;
    try (RootAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator)) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    assertEquals(extracted.get("sequences").asLong(), rows);
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("epoch 0: "));
    Command.run("load", columns, "--arrow", "-", "--json").fails(2, "--arrow -", "--json");
    Command.run("load", columns, "--with", columns, "--arrow", "-").fails(2, "one stream");
  }
}
