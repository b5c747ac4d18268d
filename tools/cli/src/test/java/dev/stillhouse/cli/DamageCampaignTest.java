package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit of a record or blob beside the shards is another: it is found, or changes nothing, and is
 * mended from the right copy. Some hundreds of bits here, 3,000 with {@code -Pevery-bit}.
 */
@Tag("slow")
class DamageCampaignTest {
  private static final int BITS = Boolean.getBoolean("stillhouse.everyBit") ? 3_000 : 200;

  /** Jobs that write are run for one bit in so many. */
  private static final int JOBS = 12;

  private static final String HOME = "memory:bits-home";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path directory;
  private final MemoryRegions regions = new MemoryRegions("bits-home", "bits-far", "bits-out");
  private final Random random = new Random(17);
  private Map<String, Map<String, byte[]>> right = Map.of();
  private Path first = Path.of("unset");
  private Path third = Path.of("unset");
  private String firstDigest = "";

  @BeforeEach
  void write() throws IOException {
    clear();
    first = TestTexts.text(directory.resolve("a.txt"), 500);
    third = TestTexts.write(directory.resolve("c.txt"), "Call me Ishmael. ".repeat(40));
    firstDigest = digest(extract(first, "--json"));
    Path second = TestTexts.write(directory.resolve("b.txt"), "Loomings. ".repeat(30));
    extract(second, "--append").succeeds();
    try (BlobStore store = BlobStores.open(HOME)) {
      ManifestLog log =
          new ManifestLog(store, new ReplicaReader(ImmutableList.of(store), new Ledger()));
      Manifest manifest = log.version(2);
      store.delete(ManifestLog.key(2));
      Manifest listed = MadeUpManifests.listed(manifest, 2);
      assertEquals(CommitOutcome.COMMITTED, log.append(listed));
    }
    Command.run("replicate", HOME, "--to", "memory:bits-far", "--region", "far").succeeds();
    Command.run("pin", HOME, "--days", 9, "--for", "a student").succeeds();
    Command.run("verify", HOME).succeeds();
    right = regions.blobs();
  }

  @AfterEach
  void clear() {
    regions.restore(Map.of("bits-home", Map.of(), "bits-far", Map.of(), "bits-out", Map.of()));
  }

  private Command extract(Path corpus, Object... options) throws IOException {
    Path forced = TestTexts.write(directory.resolve("forced.txt"), "3\n5\n");
    Path tokenizer = TinyTokenizer.write(directory.resolve("tiny.json"));
    List<Object> words = new ArrayList<>(List.of("extract", "--out", HOME, "--corpus", corpus));
    words.addAll(List.of("--tokenizer", tokenizer, "--statistic", "top-k:4+forced:" + forced));
    words.addAll(List.of("--sequence-length", 64, "--shard-sequences", 4, "--layout", "rows"));
    words.addAll(List.of(options));
    return Command.run(words.toArray());
  }

  private static String digest(Command command) throws IOException {
    return command.json().get("digest").asText();
  }

  private static Command migrate() {
    return Command.run(
        "migrate", HOME, "--layout", "columns", "--out", "memory:bits-out", "--json");
  }

  private Map<String, byte[]> home() {
    return right.getOrDefault("bits-home", Map.of());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void everyBitIsFoundOrChangesNothing() throws IOException {
    Map<String, List<String>> kinds = new TreeMap<>();
    for (String key : home().keySet()) {
      String folder = key.substring(0, key.indexOf('/'));
      if (!folder.equals("shards")) {
        kinds.computeIfAbsent(folder, f -> new ArrayList<>()).add(key);
      }
    }
    assertEquals(
        "[forced, lists, manifests, pins, regions, teachers, tokenizers, tokens, work]",
        kinds.keySet().toString());
    String loaded = values(Command.run("load", HOME, "--json"));
    String inspected = values(Command.run("inspect", HOME, "--json"));
    String migrated = digest(migrate());
    String appended = digest(extract(third, "--append", "--json"));
    List<String> folders = List.copyOf(kinds.keySet());
    int harmless = 0;
    for (int i = 0; i < BITS; i++) {
      List<String> keys = kinds.getOrDefault(folders.get(i % folders.size()), List.of());
      String key = keys.get(random.nextInt(keys.size()));
      byte[] bad = home().getOrDefault(key, new byte[0]).clone();
      int bit = random.nextInt(Byte.SIZE * bad.length);
      bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      String name = key + ", bit " + bit;
      damage(key, bad);
      if (key.startsWith("work/")) {
        receipt(name);
        continue;
      }
      Command verified = Command.run("verify", HOME);
      if (verified.code() == 0) {
        harmless++;
        assertTrue(same(key, bad), name + " is silent: " + verified.out());
      } else {
        String told = verified.out() + verified.err();
        assertTrue(told.contains(key.substring(key.indexOf('/') + 1)), name + ": " + told);
        plain(name, verified);
      }
      equalOrError(name, loaded, Command.run("load", HOME, "--json"));
      equalOrError(name, inspected, Command.run("inspect", HOME, "--json"));
      mended(name, key, bad, verified.code() == 0);
      if (i / folders.size() % JOBS == 0) {
        damage(key, bad);
        digestOrError(name, migrated, migrate());
        digestOrError(name, appended, extract(third, "--append", "--json"));
      }
    }
    System.out.printf("Campaign of bits: %d, of which %d change nothing%n", BITS, harmless);
    assertNotEquals(BITS, harmless);
  }

  private void damage(String key, byte[] bad) {
    regions.restore(right);
    regions.put("bits-home", key, bad);
  }

  /** A shard task is done again where its receipt is wrong; what is begun is another's, or this. */
  private void receipt(String name) throws IOException {
    try (BlobStore store = BlobStores.open(HOME)) {
      store.list("manifests/").forEach(store::delete);
    }
    digestOrError(name, firstDigest, extract(first, "--json"));
  }

  private void mended(String name, String key, byte[] bad, boolean harmless) {
    damage(key, bad);
    Command repaired = Command.run("verify", HOME, "--repair");
    plain(name, repaired);
    Map<String, Map<String, byte[]>> now = regions.blobs();
    boolean alone = key.startsWith("pins/") || key.startsWith("regions/");
    assertEquals(alone && !harmless ? 1 : 0, repaired.code(), name + ": " + repaired.out());
    right.forEach(
        (region, blobs) ->
            blobs.forEach(
                (k, bytes) -> {
                  boolean left = region.equals("bits-home") && k.equals(key) && (alone || harmless);
                  byte[] found = now.getOrDefault(region, Map.of()).getOrDefault(k, new byte[0]);
                  assertArrayEquals(left ? bad : bytes, found, name + ": " + region + " " + k);
                }));
  }

  private boolean same(String key, byte[] bad) throws IOException {
    byte[] good = home().getOrDefault(key, new byte[0]);
    return key.endsWith(".json") && MAPPER.readTree(bad).equals(MAPPER.readTree(good));
  }

  private static String values(Command command) throws IOException {
    ObjectNode values = (ObjectNode) command.json();
    values.remove(
        Arrays.asList(
            "seconds", "ledger", "positionsPerSecond", "firstBatchSeconds", "stallSeconds"));
    return values.toString();
  }

  private static void equalOrError(String name, String wanted, Command command) throws IOException {
    if (command.code() == 0) {
      assertEquals(wanted, values(command), name);
    } else {
      plain(name, command);
    }
  }

  private static void digestOrError(String name, String wanted, Command command)
      throws IOException {
    if (command.code() == 0) {
      JsonNode told = command.json();
      assertEquals(wanted, told.get("digest").asText(), name);
    } else {
      plain(name, command);
    }
  }

  /** An error of the data, in plain words. */
  private static void plain(String name, Command command) {
    String told = command.err();
    boolean plain =
        command.code() < 2
            && !told.contains("this is a bug")
            && !told.contains("\tat ")
            && !told.contains("Exception")
            && !told.contains("dev.stillhouse.storage.dataset.M");
    assertTrue(plain, name + ": " + command.code() + " " + told);
  }
}
