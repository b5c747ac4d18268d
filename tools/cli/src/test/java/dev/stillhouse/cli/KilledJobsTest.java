package dev.stillhouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.cli.CampaignJobs.Job;
import dev.stillhouse.storage.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each job as a process that is killed (SIGKILL) at random moments and run again: then all is as if
 * nothing had happened, and in between nothing wrong is visible. One kill of a job here, 113 with
 * {@code -Pevery-kill}.
 */
@Tag("slow")
class KilledJobsTest {
  private static final int KILLS = Boolean.getBoolean("stillhouse.everyKill") ? 113 : 1;
  private static final int MAX_KILLS_IN_A_ROW = 4;

  @TempDir Path directory;
  private final Random random = new Random(17);

  @ParameterizedTest
  @EnumSource(Job.class)
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void killedAnywhereItEndsAsIfNothingHadHappened(Job job) throws Exception {
    Path root = directory.resolve("place");
    CampaignJobs jobs = jobs(root);
    Path before = directory.resolve("before");
    prepare(job, jobs, root);
    TestDatasets.copy(root, before);

    long start = System.nanoTime();
    assertEquals(0, start(jobs.words(job)).waitFor(), this::said);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    int written = Math.max(1, count(root) - count(before));
    Map<String, String> right = content(root);

    int kills = 0;
    int finished = 0;
    int rounds = 0;
    while (kills < KILLS) {
      assertTrue(rounds++ < 10 * KILLS + 10, finished + " processes ended before they were killed");
      delete(root);
      TestDatasets.copy(before, root);
      int row = 1 + random.nextInt(Math.min(MAX_KILLS_IN_A_ROW, KILLS - kills));
      for (int i = 0; i < row; i++) {
        if (kill(jobs.words(job), root, written, millis)) {
          kills++;
        } else {
          finished++;
        }
        if (job != Job.REPAIR) {
          jobs.assertNothingWrongIsVisible();
        }
      }
      jobs.run(job).succeeds();
      assertEquals(right, content(root), job + " after " + kills + " kills");
    }
    System.out.printf(
        "Campaign of kills: %s, %d kills in %d rows, %d ended before%n",
        job, kills, rounds, finished);
  }

  private CampaignJobs jobs(Path root) {
    return new CampaignJobs(
        root.resolve("home").toString(),
        root.resolve("far").toString(),
        root.resolve("out").toString(),
        directory);
  }

  /** Makes what is there before a job: damage in one blob of each kind, or a blob of no version. */
  private static void prepare(Job job, CampaignJobs jobs, Path root) throws IOException {
    Path home = Files.createDirectories(root).resolve("home");
    jobs.prepare(job);
    if (job == Job.REPAIR) {
      Set<String> folders = new TreeSet<>();
      for (Path file : TestDatasets.files(home)) {
        String folder = home.relativize(file).getName(0).toString();
        if (!Set.of("regions", "work").contains(folder) && folders.add(folder)) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length / 2] ^= 1;
          Files.delete(file);
          Files.write(file, bytes);
        }
      }
      assertEquals(6, folders.size(), folders.toString());
    }
    if (job == Job.GC) {
      byte[] stray = "stray".getBytes(UTF_8);
      String name = Hashing.sha256().hashBytes(stray) + ".parquet";
      Files.write(home.resolve("shards").resolve(name), stray);
    }
  }

  /**
   * Starts a process and kills it, at a random moment of its time or some milliseconds after one of
   * its files appeared; returns false if it was done before.
   */
  private boolean kill(List<String> words, Path root, int written, long millis) throws Exception {
    int there = count(root);
    Process process = start(words);
    try {
      if (random.nextBoolean()) {
        process.waitFor((long) (millis * (0.2 + random.nextDouble())), TimeUnit.MILLISECONDS);
      } else {
        int more = 1 + random.nextInt(written);
        while (process.isAlive() && count(root) < there + more) {
          Thread.sleep(1);
        }
        process.waitFor(random.nextInt(25), TimeUnit.MILLISECONDS);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() == 0) {
      return false;
    }
    assertEquals(128 + 9, process.exitValue(), this::said);
    return true;
  }

  private Process start(List<String> words) throws IOException {
    List<String> all = TestJvm.of(Stillhouse.class);
    all.addAll(words);
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private String said() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Returns the SHA-256 of each file by its name; of pins only how many places have them. */
  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (Path file : TestDatasets.files(root)) {
      String name = root.relativize(file).toString();
      if (name.contains("/pins/")) {
        content.put(name.substring(0, name.indexOf("/pins/")), "pinned");
      } else if (!name.contains("/.scratch/")) {
        content.put(name, Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString());
      }
    }
    return content;
  }

  private static int count(Path below) throws IOException {
    try {
      return TestDatasets.files(below).size();
    } catch (UncheckedIOException e) {
      return 0; // A file went while it was listed.
    }
  }

  private static void delete(Path root) throws IOException {
    MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
