package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of a dataset, in two regions, and what {@code gc} makes of them. */
class GcTest {
  private static final String STRAY = "shards/" + "a".repeat(64) + ".parquet";

  @TempDir static Path shared;

  @TempDir Path directory;
  private Path home = Path.of("unset");
  private Path copy = Path.of("unset");

  @BeforeAll
  static void extract() throws IOException {
    extract(TestTexts.text(shared.resolve("book.txt"), 6_000));
    extract(TestTexts.write(shared.resolve("more.txt"), "and then more ".repeat(100)), "--append");
  }

  private static void extract(Path corpus, Object... options) {
    TestDatasets.small(corpus, shared.resolve("made"), options).succeeds();
  }

  @BeforeEach
  void twoRegions() throws IOException {
    home = directory.resolve("home-place");
    copy = directory.resolve("copy");
    TestDatasets.copy(shared.resolve("made"), home);
    Command.run("replicate", home, "--to", copy).succeeds();
  }

  private void age(int days) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(days)));
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  @Test
  void tellsFirstAndRemovesWhenAsked() throws IOException {
    Files.write(home.resolve(STRAY), new byte[1000]);
    JsonNode young = Command.run("gc", home, "--json").json();
    assertEquals(0, young.get("blobs").asInt());
    age(2);
    Command told = Command.run("gc", home).succeeds();
    assertTrue(told.out().contains("region home: " + STRAY + " (1.0 kB)"), told.out());
    assertTrue(told.out().contains("blobs to remove: 1 (1.0 kB); --delete does it"), told.out());
    assertTrue(Files.exists(home.resolve(STRAY)));
    assertEquals(0, Command.run("gc", home, "--grace", "3d", "--json").json().get("blobs").asInt());
    JsonNode done = Command.run("gc", home, "--delete", "--json").json();
    assertEquals(
        ImmutableList.of(
            "deleted",
            "versions",
            "blobs",
            "bytes",
            "garbage",
            "unfinished",
            "unknown",
            "doubts",
            "failed",
            "ledger"),
        ImmutableList.copyOf(done.fieldNames()));
    assertTrue(done.get("deleted").asBoolean());
    assertEquals(1000, done.get("bytes").asInt());
    assertFalse(Files.exists(home.resolve(STRAY)));
    assertTrue(Command.run("gc", home).succeeds().out().contains("nothing to remove"));
    assertTrue(Command.run("verify", home, "--json").json().get("ok").asBoolean());
  }

  /** Of another host: this one's goes with the next write. */
  @Test
  void whatAKilledProcessLeftGoesAfterItsGrace() throws IOException {
    Path left = Files.createDirectories(copy.resolve(".scratch/0123456789ab-1-x"));
    Files.write(left.resolve("half"), new byte[1000]);
    Files.createFile(left.resolve("owner.lock"));
    assertEquals(0, Command.run("gc", home, "--delete", "--json").json().get("blobs").asInt());
    age(2);
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    assertEquals(0, Command.run("gc", home, "--grace", "3d", "--json").json().get("blobs").asInt());
    Command told = Command.run("gc", home).succeeds();
    assertTrue(told.out().contains("region copy: .scratch/0123456789ab-1-x (1.0 kB)"), told.out());
    assertTrue(Files.exists(left));
    JsonNode done = Command.run("gc", home, "--delete", "--json").json();
    assertEquals(1000, done.get("bytes").asInt());
    assertFalse(Files.exists(left));
    assertTrue(Command.run("gc", home).succeeds().out().contains("nothing to remove"));
  }

  @Test
  void keepsTheNewestVersionsWhole() throws IOException {
    JsonNode newest = Command.run("load", home, "--json").json();
    age(2);
    Command told = Command.run("gc", home, "--keep", 1).succeeds();
    assertTrue(told.out().contains("; versions that go: 1; --delete does it"), told.out());
    JsonNode done = Command.run("gc", home, "--keep", 1, "--delete", "--json").json();
    assertEquals("[1]", done.get("versions").toString());
    assertEquals("[]", done.get("unknown").toString());
    assertEquals(0, done.get("unfinished").asInt());
    for (Path region : List.of(home, copy)) {
      Command.run("inspect", region, "--dataset-version", 1).fails(1, "no version 1");
      assertTrue(Command.run("verify", region, "--json").json().get("ok").asBoolean());
      assertEquals(
          newest.get("contentDigest"),
          Command.run("load", region, "--json").json().get("contentDigest"));
    }
    JsonNode again = Command.run("gc", home, "--keep", 1, "--delete", "--json").json();
    assertEquals(0, again.get("blobs").asInt());
  }

  @Test
  void aLeaseHoldsAVersion() throws IOException {
    Files.createDirectories(home.resolve("pins"));
    TestTexts.write(
        home.resolve("pins/student.json"),
        "{\"format\": \"stillhouse-pin-1\", \"version\": 1, \"expires\": \""
            + Instant.now().plusSeconds(1000)
            + "\"}");
    age(2);
    JsonNode done = Command.run("gc", home, "--keep", 1, "--delete", "--json").json();
    assertEquals("[]", done.get("versions").toString());
    Command.run("inspect", home, "--dataset-version", 1).succeeds();
  }

  @Test
  void aRegionThatIsAwayIsToldAndTheOthersAreDone() throws IOException {
    Files.write(home.resolve(STRAY), new byte[1000]);
    age(2);
    MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
    Command done = Command.run("gc", home, "--delete").fails(1);
    assertTrue(done.out().contains("FAILED in region copy: " + copy + " is not there"), done.out());
    assertTrue(done.out().contains("blobs removed: 1 (1.0 kB)"), done.out());
    assertFalse(Files.exists(home.resolve(STRAY)));
  }

  @Test
  void wrongUseIsSaidSo() {
    Command.run("gc").fails(2, "DATASET");
    Command.run("gc", home, "--keep", 0).fails(2, "--keep 0", "need 1 or more");
    Command.run("gc", home, "--keep", "x").fails(2, "--keep");
    for (String grace : List.of("1", "h", "-1h", "1w", "1.5h", "9999999999d", "x".repeat(99))) {
      Command.run("gc", home, "--grace=" + grace).fails(2, "--grace '", "as in 24h");
    }
    Command.run("gc", home, "--grace=").fails(2, "--grace '': its value is empty");
    Command.run("gc", directory.resolve("none")).fails(1, "no dataset here");
  }
}
