package dev.stillhouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import dev.stillhouse.cli.CampaignJobs.Job;
import dev.stillhouse.storage.store.PlannedStore;
import dev.stillhouse.storage.store.PlannedStore.Fault;
import dev.stillhouse.storage.store.PlannedStore.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each job fails at an operation of a store, in each way there is, and is run again: then all is as
 * if nothing had happened. In between nothing wrong is visible. Some operations here, every one
 * with {@code -Pevery-crash}.
 */
@Tag("slow")
class CrashCampaignTest {
  private static final boolean ALL = Boolean.getBoolean("stillhouse.everyCrash");

  /** States of each job when not all are tried. */
  private static final int SOME = 4;

  private static final Pattern CONTENT = Pattern.compile("[a-z]+/([0-9a-f]{64})(\\.parquet)?");

  @TempDir Path directory;
  private final MemoryRegions regions = new MemoryRegions("crash-home", "crash-far", "crash-out");

  @BeforeEach
  @AfterEach
  void clear() {
    regions.plain();
    regions.restore(Map.of("crash-home", Map.of(), "crash-far", Map.of(), "crash-out", Map.of()));
  }

  private CampaignJobs jobs() {
    return new CampaignJobs("memory:crash-home", "memory:crash-far", "memory:crash-out", directory);
  }

  /** What is there before the job. */
  private void prepare(Job job) throws IOException {
    jobs().prepare(job);
    if (job == Job.REPAIR) {
      Map<String, byte[]> blobs = regions.blobs().getOrDefault("crash-home", Map.of());
      Set<String> folders = new TreeSet<>();
      for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
        String folder = blob.getKey().substring(0, blob.getKey().indexOf('/'));
        if (!Set.of("regions", "work").contains(folder) && folders.add(folder)) {
          byte[] bad = blob.getValue().clone();
          bad[bad.length / 2] ^= 1;
          regions.put("crash-home", blob.getKey(), bad);
        }
      }
      assertEquals(6, folders.size(), folders.toString());
    }
    if (job == Job.GC) {
      byte[] stray = "stray".getBytes(UTF_8);
      regions.put("crash-home", "shards/" + sha256(stray) + ".parquet", stray);
    }
  }

  private static String sha256(byte[] bytes) {
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  @ParameterizedTest
  @EnumSource(Job.class)
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void whatFailedOnceEndsAsIfNothingHadHappened(Job job) throws IOException {
    prepare(job);
    Map<String, Map<String, byte[]>> before = regions.blobs();
    Plan counted = new Plan(-1, Fault.BEFORE);
    regions.behind(store -> new PlannedStore(store, counted));
    jobs().run(job).succeeds();
    regions.plain();
    Map<String, String> wanted = message(job, regions.blobs());
    List<Fault> faults = List.of(Fault.values());
    int states = counted.count() * faults.size();
    int step = ALL ? 1 : Math.max(1, states / SOME / faults.size()) * faults.size() + 1;
    int tried = 0;
    int failed = 0;
    List<String> wrong = new ArrayList<>();
    for (int state = 0; state < states; state += step) {
      Fault fault = faults.get(state % faults.size());
      String name = job + ", " + fault + " at operation " + state / faults.size();
      regions.restore(before);
      Plan plan = new Plan(state / faults.size(), fault);
      regions.behind(store -> new PlannedStore(store, plan));
      Command broken = jobs().run(job);
      plan.close();
      regions.plain();
      failed += broken.code() == 0 ? 0 : 1;
      try {
        assertTrue(!broken.err().contains("this is a bug"), "a bug");
        if (job != Job.REPAIR) {
          jobs().assertNothingWrongIsVisible();
        }
        jobs().run(job).succeeds();
        assertEquals(wanted, message(job, regions.blobs()));
      } catch (AssertionError e) {
        wrong.add(name + ": " + e.getMessage() + "; at first: " + broken.err());
        System.out.println("Campaign: WRONG " + wrong.get(wrong.size() - 1));
      }
      tried++;
    }
    assertTrue(failed > 0, "no fault was seen");
    System.out.printf(
        "Campaign of crashes: %s, %d states, %d failed at first%n", job, tried, failed);
    assertEquals(List.of(), wrong);
  }

  /** What counts: each blob by its content; a pin by what it holds; leftovers of work do not. */
  private static Map<String, String> message(Job job, Map<String, Map<String, byte[]>> all) {
    Map<String, String> told = new TreeMap<>();
    all.forEach(
        (region, blobs) ->
            blobs.forEach(
                (key, bytes) -> {
                  Matcher content = CONTENT.matcher(key);
                  if (content.matches()) {
                    assertEquals(content.group(1), sha256(bytes), job + ": " + key);
                  }
                  if (key.startsWith("pins/")) {
                    told.put(region + " pins", "for a student");
                  } else {
                    told.put(region + " " + key, sha256(bytes));
                  }
                }));
    return told;
  }
}
