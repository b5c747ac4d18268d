package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An extraction into three regions whose process is killed (SIGKILL) at random moments of every
 * phase, again and again: what is visible in between is always whole, and in the end all is as
 * nothing had happened. Two kills here, a hundred with {@code -Pevery-kill}.
 */
@Tag("slow")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledPlacementTest {
  private static final int KILLS = Boolean.getBoolean("stillhouse.everyKill") ? 100 : 2;
  private static final int KILLS_OF_A_DATASET = 5;
  private static final int MAX_DELAY_MILLIS = 25;
  private static final String MANIFEST = "manifests/v00000000000000000001.json";
  private static final Pattern BLOB = Pattern.compile("(shards|tokens|teachers|tokenizers)/.*");
  private static final Pattern NAMED = Pattern.compile("\"sha256\"\\s*:\\s*\"([0-9a-f]{64})\"");

  @TempDir Path directory;
  private Path text = Path.of("unset");
  private final Random random = new Random(11);

  /** What a process has just done when it is killed, a random while later. */
  private enum Moment {
    STARTED,
    PACKED_SOME,
    EXTRACTED_SOME,
    IS_COPYING,
    COPIED_SOME,
    TOLD_HOME_OF_A_REGION,
    COMMITTED,
    COPIED_SOME_AFTERWARDS,
    PUT_A_MANIFEST_IN_A_REGION
  }

  /** A dataset in its three places. */
  private record Stores(Path home, Path fra, Path nrt) {
    static Stores in(Path directory) {
      return new Stores(
          directory.resolve("iad"), directory.resolve("fra"), directory.resolve("nrt"));
    }

    /** Whether a process has come so far; of what there are many, to {@code share} of them. */
    boolean reached(Moment moment, int share) throws IOException {
      return switch (moment) {
        case STARTED -> true;
        case PACKED_SOME -> count(home.resolve("tokens")) > share;
        case EXTRACTED_SOME -> count(home.resolve("shards")) > share;
        case IS_COPYING -> count(fra.resolve(".scratch")) > 0;
        case COPIED_SOME -> count(fra.resolve("shards")) > share;
        case TOLD_HOME_OF_A_REGION -> count(home.resolve("regions")) > 1;
        case COMMITTED -> Files.exists(home.resolve(MANIFEST));
        case COPIED_SOME_AFTERWARDS -> count(nrt.resolve("shards")) > share;
        case PUT_A_MANIFEST_IN_A_REGION -> Files.exists(fra.resolve(MANIFEST));
      };
    }
  }

  @BeforeEach
  void write() throws IOException {
    text = TestTexts.text(directory.resolve("book.txt"), 5000);
  }

  @Test
  void killedAnywhereEveryRegionEndsWithTheSameDataset() throws Exception {
    Stores undisturbed = Stores.in(directory.resolve("undisturbed"));
    finish(undisturbed);
    Map<String, String> right = blobs(undisturbed.home());
    assertEndsRight(undisturbed, right);
    Map<Moment, Integer> killed = new EnumMap<>(Moment.class);
    int kills = 0;
    int datasets = 0;
    while (kills < KILLS) {
      assertTrue(datasets < 10 * KILLS + 10, kills + " kills: processes end before them");
      Path root = directory.resolve("killed" + datasets++);
      Stores places = Stores.in(root);
      for (int i = 0; i < KILLS_OF_A_DATASET && kills < KILLS; i++) {
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        int share = random.nextInt(6);
        if (moment != Moment.STARTED && places.reached(moment, share)) {
          continue; // An earlier process came so far; another moment.
        }
        if (kill(places, moment, share)) {
          kills++;
          killed.merge(moment, 1, Integer::sum);
        }
        assertWhatIsVisibleIsWhole(places, moment);
      }
      finish(places);
      assertEndsRight(places, right);
      MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    System.out.println(kills + " kills of " + datasets + " datasets: " + killed);
  }

  /** Runs a process to a moment and kills it; false if it was done before. */
  private boolean kill(Stores places, Moment moment, int share) throws Exception {
    Process process =
        new ProcessBuilder(command(places))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      while (process.isAlive() && !places.reached(moment, share)) {
        Thread.sleep(1);
      }
      int max = moment == Moment.STARTED ? 2500 : MAX_DELAY_MILLIS;
      process.waitFor(random.nextInt(max), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() == 0) {
      return false;
    }
    assertEquals(128 + 9, process.exitValue(), Files.readString(directory.resolve("log")));
    return true;
  }

  private List<String> command(Stores places) {
    List<String> words = TestJvm.of(Stillhouse.class);
    words.addAll(arguments(places));
    return words;
  }

  private List<String> arguments(Stores places) {
    return List.of(
        "extract",
        "--corpus",
        text.toString(),
        "--out",
        places.home().toString(),
        "--sequence-length",
        "64",
        "--shard-sequences",
        "2",
        "--statistic",
        "top-k:8",
        "--home",
        "iad",
        "--replicate-to",
        "fra=" + places.fra() + ",nrt=" + places.nrt(),
        "--copies",
        "1");
  }

  private void finish(Stores places) {
    Command.run(arguments(places).toArray()).succeeds();
  }

  /** Law 5, in every region: what has its name is whole, and a manifest has all that it names. */
  private static void assertWhatIsVisibleIsWhole(Stores places, Moment after) throws IOException {
    for (Path region : List.of(places.home(), places.fra(), places.nrt())) {
      Map<String, String> there = blobs(region);
      there.forEach(
          (key, sha256) -> assertTrue(key.contains(sha256), region + "/" + key + " is torn"));
      if (Files.exists(region.resolve(MANIFEST))) {
        assertTrue(Files.exists(places.home().resolve(MANIFEST)), region + " knows more than home");
        assertAllThere(region, there, after);
      }
    }
    if (Files.exists(places.home().resolve(MANIFEST))) {
      assertAllThere(places.home(), blobs(places.fra()), after);
    }
  }

  /** Whether all that a manifest names is among some blobs. */
  private static void assertAllThere(Path manifest, Map<String, String> blobs, Moment after)
      throws IOException {
    NAMED
        .matcher(Files.readString(manifest.resolve(MANIFEST)))
        .results()
        .forEach(
            name ->
                assertTrue(
                    blobs.containsValue(name.group(1)),
                    () ->
                        manifest + " names " + name.group(1) + ", which is not durable; " + after));
  }

  private void assertEndsRight(Stores places, Map<String, String> right) throws IOException {
    Command.run("gc", places.home(), "--grace", "0s", "--delete").succeeds();
    String manifest = Files.readString(places.home().resolve(MANIFEST));
    for (Path region : List.of(places.home(), places.fra(), places.nrt())) {
      Map<String, String> there = blobs(region);
      assertEquals(right, there, region.toString());
      there.values().forEach(name -> assertTrue(manifest.contains(name), "no version needs it"));
      assertEquals(manifest, Files.readString(region.resolve(MANIFEST)), region.toString());
      assertTrue(Command.run("verify", region, "--json").json().get("ok").asBoolean());
    }
  }

  /** The sha256 of every blob that is named by its own, by key. */
  private static Map<String, String> blobs(Path region) throws IOException {
    Map<String, String> blobs = new TreeMap<>();
    if (!Files.exists(region)) {
      return blobs;
    }
    try (Stream<Path> files = Files.walk(region)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = region.relativize(file).toString();
        if (BLOB.matcher(key).matches()) {
          String sha256 = Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString();
          blobs.put(key, sha256);
        }
      }
    }
    return blobs;
  }

  private static long count(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).count();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (UncheckedIOException e) {
      return 0; // A file went while it was listed.
    }
  }
}
