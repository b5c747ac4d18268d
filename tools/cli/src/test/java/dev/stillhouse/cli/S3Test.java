package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command on datasets in S3: a real server, in a process of its own. */
@Tag("slow")
@Timeout(300)
class S3Test {
  @TempDir static Path shared;

  /** The same dataset in a directory and in S3. */
  private static Path local = Path.of("unset");

  private static String remote = "";
  private static Path tokenizer = Path.of("unset");

  @TempDir Path directory;

  @BeforeAll
  static void extract() throws IOException {
    local = shared.resolve("local");
    remote = S3Server.freshStore();
    tokenizer = TinyTokenizer.write(shared.resolve("tokenizer.json"));
    Path text = TestTexts.text(shared.resolve("book.txt"), 2_000);
    extract(text, local).succeeds();
    extract(text, remote).succeeds();
  }

  private static Command extract(Path text, Object out) {
    return TestDatasets.small(text, out, "--tokenizer", tokenizer);
  }

  private static JsonNode json(Object... words) throws JsonProcessingException {
    List<Object> all = new ArrayList<>(List.of(words));
    all.add("--json");
    return Command.run(all.toArray()).json();
  }

  /** Damages a shard; gives its name. */
  static String damage(String store) throws IOException {
    try (BlobStore opened = BlobStores.open(store)) {
      String key = opened.list("shards/").get(0);
      Path bad = Files.write(opened.scratch().resolve("bad"), new byte[100]);
      opened.replace(key, bad);
      Files.delete(bad);
      return key;
    }
  }

  @Test
  void itIsTheSameDataset() throws IOException {
    assertEquals(json("inspect", local).get("digest"), json("inspect", remote).get("digest"));
    assertTrue(json("verify", remote).get("ok").asBoolean());
    JsonNode here = json("load", local, "--seed", 1);
    JsonNode there = json("load", remote, "--seed", 1);
    assertEquals(here.get("contentDigest"), there.get("contentDigest"));
    Command.run("inspect", remote, "--sequence", 3, "--position", 10).succeeds();
  }

  @Test
  void extractionGoesOnAndAppends() throws IOException {
    String grown = S3Server.freshStore();
    Path text = TestTexts.text(directory.resolve("book.txt"), 1_000);
    extract(text, grown).succeeds();
    extract(text, grown).succeeds(); // Nothing to do.
    Path more = TestTexts.write(directory.resolve("more.txt"), "and then more ".repeat(100));
    TestDatasets.small(more, grown, "--append", "--tokenizer", tokenizer).succeeds();
    assertEquals(2, json("inspect", grown).get("version").asInt());
    assertTrue(json("verify", grown).get("ok").asBoolean());
  }

  @Test
  void itMigrates() throws IOException {
    String planes = S3Server.freshStore();
    Command.run("migrate", remote, "--layout", "planes", "--out", planes).succeeds();
    Path back = directory.resolve("back");
    Command.run("migrate", planes, "--layout", "columns", "--out", back).succeeds();
    assertTrue(json("verify", back).get("ok").asBoolean());
    Command.run("migrate", remote, "--layout", "planes", "--out", remote + "/inside")
        .fails(2, "lie one inside the other", remote);
  }

  @Test
  void fromADirectoryToS3AndRepairedFromThere() throws IOException {
    Path home = directory.resolve("home");
    TestDatasets.copy(local, home);
    String copy = S3Server.freshStore();
    JsonNode done = json("replicate", home, "--to", copy, "--region", "far");
    assertTrue(done.get("copied").asInt() > 3, done.toString());
    assertEquals(
        0, json("replicate", home, "--to", copy + "/", "--region", "far").get("copied").asInt());
    assertTrue(json("verify", copy).get("ok").asBoolean());
    repaired(home.toString(), home.toString(), "home");
  }

  @Test
  void fromS3ToADirectoryAndRepairedFromThere() throws IOException {
    String home = S3Server.freshStore();
    Command.run("replicate", local, "--to", home, "--region", "r" + System.nanoTime()).succeeds();
    Path copy = directory.resolve("copy");
    Command.run("replicate", home, "--to", copy).succeeds();
    assertTrue(json("verify", copy).get("ok").asBoolean());
    repaired(home, home, "home");
    repaired(home, copy.toString(), "copy");
  }

  /** A damaged copy is passed over, told, and mended. */
  private static void repaired(String dataset, String place, String region) throws IOException {
    JsonNode whole = json("load", dataset);
    String key = damage(place);
    Command loaded = Command.run("load", dataset, "--json").succeeds();
    assertEquals(whole.get("contentDigest"), loaded.json().get("contentDigest"));
    if (region.equals("home")) {
      assertTrue(loaded.err().contains(key + " in region home"), loaded.err());
    }
    Command verified = Command.run("verify", dataset);
    assertEquals(1, verified.code());
    assertTrue((verified.out() + verified.err()).contains(key), verified.out() + verified.err());
    assertTrue(json("verify", dataset, "--repair").get("ok").asBoolean());
    assertTrue(json("verify", dataset).get("ok").asBoolean());
  }

  /** Home goes away while a student reads: it reads on elsewhere, to the same digest. */
  @Test
  void theServerIsKilledMidway() throws IOException {
    String endpoint = System.getProperty("aws.endpointUrl");
    Path copy = directory.resolve("copy");
    String home = "s3://" + S3Server.BUCKET + "/mortal";
    String expected;
    String found;
    try (S3Server mortal = S3Server.start()) {
      System.setProperty("aws.endpointUrl", mortal.endpoint());
      extract(shared.resolve("book.txt"), home).succeeds();
      Command.run("replicate", home, "--to", copy).succeeds();
      expected = digest(home, () -> {});
      found = digest(home, mortal::close);
    } finally {
      System.setProperty("aws.endpointUrl", endpoint);
    }
    assertEquals(expected, found);
  }

  /** The same by commands: extracted, replicated, damaged, mended; then the server dies. */
  @Test
  void theCommandsGoOnWhenTheServerIsKilledMidway() throws IOException {
    String endpoint = System.getProperty("aws.endpointUrl");
    Path copy = directory.resolve("copy");
    String home = "s3://" + S3Server.BUCKET + "/mortal";
    try (S3Server mortal = S3Server.start()) {
      System.setProperty("aws.endpointUrl", mortal.endpoint());
      extract(shared.resolve("book.txt"), home).succeeds();
      Command.run("replicate", home, "--to", copy).succeeds();
      repaired(home, home, "home");
      repaired(home, copy.toString(), "copy");
      int before = mortal.requests();
      JsonNode whole = json("load", home, "--seed", 1, "--batch", 4);
      int midway = mortal.requests() + (mortal.requests() - before) / 2;
      Thread killer =
          new Thread(
              () -> {
                while (mortal.requests() < midway) {
                  Thread.onSpinWait();
                }
                mortal.close();
              });
      killer.setDaemon(true);
      killer.start();
      Command read = Command.run("load", home, "--seed", 1, "--batch", 4, "--json", "--verbose");
      assertEquals(whole.get("contentDigest"), read.json().get("contentDigest"));
      assertEquals(whole.get("digest"), read.json().get("digest"));
      Set<String> regions = new HashSet<>();
      read.json().get("ledger").forEach(entry -> regions.add(entry.get("region").asText()));
      assertEquals(Set.of("home", "copy"), regions, "both have served");
      assertTrue(read.err().contains("region home: "), read.err());
      assertFalse((read.out() + read.err()).contains(S3Server.SECRET), "told the secret");
      assertTrue(json("verify", copy).get("ok").asBoolean());
      assertEquals(
          whole.get("contentDigest"), json("load", copy, "--seed", 1).get("contentDigest"));
      Command.run("load", home).fails(1, "cannot reach http", "AWS_ENDPOINT_URL");
    } finally {
      System.setProperty("aws.endpointUrl", endpoint);
    }
  }

  private static String digest(String home, Runnable afterTheFirst) {
    try (Dataset dataset = Dataset.open(home)) {
      StudentLoader loader = StudentLoader.open(dataset).seed(1).batch(8).ahead(0).start();
      loader.next();
      afterTheFirst.run();
      while (loader.hasNext()) {
        loader.next();
      }
      return loader.cursor().toJson();
    }
  }

  /** Who has no S3 at hand reads the regions that there are. */
  @Test
  void aRegionThatCannotBeReachedIsToldAndPassedOver() throws IOException {
    Path home = directory.resolve("home");
    TestDatasets.copy(local, home);
    Command.run("replicate", home, "--to", S3Server.freshStore(), "--region", "far").succeeds();
    String endpoint = System.getProperty("aws.endpointUrl");
    try {
      for (String other : List.of("http://127.0.0.1:9", "http://192.0.2.1", "oops")) {
        System.setProperty("aws.endpointUrl", other);
        Command loaded = Command.run("load", home).succeeds();
        assertTrue(loaded.err().contains("region far: "), loaded.err());
      }
      Files.delete(TestDatasets.anyFile(home.resolve("shards")));
      for (String other : List.of("http://127.0.0.1:9", "oops")) {
        System.setProperty("aws.endpointUrl", other);
        Command.run("load", home).fails(1, "no region has a right copy of shards/", "AWS_ENDPOINT");
      }
      System.setProperty("aws.endpointUrl", endpoint);
      Command.run("load", home).succeeds();
    } finally {
      System.setProperty("aws.endpointUrl", endpoint);
    }
  }

  @Test
  void whatIsWrongIsSaidAndNothingSecret() {
    Command.run("inspect", "s3://" + S3Server.BUCKET + "/nothing").fails(1, "no dataset here");
    Command.run("load", "s3://no-such-bucket/x").fails(1, "there is no such bucket at http");
    Command.run("verify", "s3://UPPER/x").fails(2, "s3://bucket/prefix");
    Command.run("inspect", "gs://bucket/x").fails(2, "s3://bucket/prefix");
    Path text = shared.resolve("book.txt");
    extract(text, "s3://no-such-bucket/x").fails(1, "no-such-bucket");
    Command.run("replicate", local, "--to", "s3://no-such-bucket/x").fails(1, "no-such-bucket");
    Command verbose = Command.run("load", remote, "--verbose");
    assertFalse((verbose.err() + verbose.out()).contains(S3Server.SECRET), "told the secret");
  }
}
