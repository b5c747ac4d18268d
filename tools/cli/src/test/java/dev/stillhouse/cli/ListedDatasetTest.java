package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.CommitOutcome;
import dev.stillhouse.storage.manifest.MadeUpManifests;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command takes a dataset whose manifest names lists of shards like any other. */
class ListedDatasetTest {
  @TempDir Path directory;
  private Path home = Path.of("unset");
  private Path copy = Path.of("unset");

  @BeforeEach
  void write() throws IOException {
    home = directory.resolve("home");
    copy = directory.resolve("copy");
    extract("book.txt", 6_000).succeeds();
    try (BlobStore store = BlobStores.open(home.toString())) {
      ManifestLog log = log(store);
      Manifest manifest = log.version(1);
      store.delete(ManifestLog.key(1));
      assertTrue(manifest.shards().size() > 4, "two lists at least");
      assertEquals(CommitOutcome.COMMITTED, log.append(MadeUpManifests.listed(manifest, 2)));
    }
  }

  private static ManifestLog log(BlobStore store) {
    return new ManifestLog(store, new ReplicaReader(ImmutableList.of(store), new Ledger()));
  }

  private Command extract(String corpus, int bytes, Object... more) throws IOException {
    Path text = TestTexts.text(directory.resolve(corpus), bytes);
    List<Object> words =
        new ArrayList<>(List.of("extract", "--corpus", text, "--out", home, "--statistic"));
    words.addAll(List.of("top-k:4", "--sequence-length", 64, "--shard-sequences", 3));
    words.addAll(List.of(more));
    return Command.run(words.toArray());
  }

  private static JsonNode json(Object... words) throws IOException {
    return Command.run(words).json();
  }

  private Path anyList(Path dataset) throws IOException {
    return TestDatasets.anyFile(dataset.resolve("lists"));
  }

  @Test
  void itIsReplicatedVerifiedAndMended() throws IOException {
    JsonNode before = json("inspect", home, "--json");
    json("replicate", home, "--to", copy, "--json");
    assertEquals(
        TestDatasets.files(home.resolve("lists")).size(),
        TestDatasets.files(copy.resolve("lists")).size());
    assertEquals(before.get("digest"), json("inspect", copy, "--json").get("digest"));
    assertTrue(json("verify", copy, "--json").get("ok").asBoolean());
    Files.delete(anyList(home));
    assertEquals(before.get("digest"), json("inspect", home, "--json").get("digest"));
    Command verified = Command.run("verify", home);
    assertEquals(1, verified.code(), verified.err());
    assertTrue(verified.out().contains("lists/"), verified.out());
    assertEquals(1, json("verify", home, "--repair", "--json").get("repaired").asInt());
    assertTrue(json("verify", home, "--json").get("ok").asBoolean());
    Files.delete(anyList(copy));
    Command.run("replicate", home, "--to", copy).fails(1, "verify --repair mends it", "lists/");
    assertEquals(1, json("verify", home, "--repair", "--json").get("repaired").asInt());
    assertEquals(0, json("replicate", home, "--to", copy, "--json").get("copied").asInt());
    assertTrue(json("verify", home, "--json").get("ok").asBoolean());
  }

  @Test
  void itIsLoadedMigratedAndAppendedTo() throws IOException {
    JsonNode before = json("inspect", home, "--json");
    JsonNode loaded = json("load", home, "--seed", 5, "--json");
    Path out = directory.resolve("out");
    JsonNode moved = json("migrate", home, "--layout", "rows", "--out", out, "--json");
    assertEquals(before.get("fingerprint"), moved.get("fingerprint"));
    assertEquals(loaded.get("digest"), json("load", out, "--seed", 5, "--json").get("digest"));
    extract("more.txt", 3_000, "--append").succeeds();
    JsonNode after = json("inspect", home, "--json");
    assertEquals(2, after.get("version").asInt());
    assertTrue(after.get("shards").asInt() > before.get("shards").asInt());
    assertTrue(json("verify", home, "--json").get("ok").asBoolean());
    JsonNode old = json("inspect", home, "--dataset-version", 1, "--json");
    assertEquals(before.get("digest"), old.get("digest"));
  }

  @Test
  void whatIsWrongWithAListIsSaid() throws IOException {
    Path list = anyList(home);
    Files.delete(list);
    Command.run("inspect", home).fails(1, "missing: blob lists/" + list.getFileName());
    Files.write(list, new byte[7]);
    Command.run("load", home).fails(1, "lists/" + list.getFileName());
  }
}
