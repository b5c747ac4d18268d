package dev.stillhouse.pipeline.job.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.extract.ExtractJob;
import dev.stillhouse.pipeline.job.extract.ExtractRequest;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.MigrationError;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dataset in another layout: the same content, or an honest word about what was lost. */
@Timeout(300)
class MigrateJobTest {
  private static final int V = 300;
  private static final String UNION = "top-k:3+sample:20,temperature=2.0+target+normaliser-at:2.0";

  @TempDir Path directory;

  /** Shard tasks of 5 sequences; the last has 2. */
  private Manifest extract(String statistic, String layout, String out) {
    RandomTokens tokens =
        new RandomTokens(V, new Packing(512, 5, null), 12, directory.resolve("tokens-" + out));
    return ExtractJob.run(
            new ExtractRequest(
                tokens,
                "synthetic:rows=100,vocabulary=" + V,
                statistic,
                layout,
                path(out),
                false,
                List.of()),
            JobListener.NONE)
        .manifest();
  }

  private Manifest migrate(String from, String layout, String to) {
    return MigrateJob.run(request(from, layout, to), JobListener.NONE).manifest();
  }

  private MigrateRequest request(String from, String layout, String to) {
    return new MigrateRequest(path(from), OptionalLong.empty(), layout, path(to), List.of());
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"top-k:4", UNION})
  void fromAnExactLayoutItIsWhatAnExtractionGivesToTheByte(String statistic) {
    Manifest rows = extract(statistic, "rows", "rows");
    Manifest direct = extract(statistic, "columns", "direct");
    Manifest columns = migrate("rows", "columns", "columns");
    assertEquals(direct.shards(), columns.shards()); // by the sha256 of each, and every sum
    assertEquals(direct.digest(), columns.digest());
    assertEquals(direct, columns.with(direct.skipped(), List.of()));
    assertEquals(rows.fingerprint(), columns.fingerprint());
    Origin origin = columns.origins().get(0);
    assertEquals(rows.digest(), origin.digest());
    assertEquals("rows", origin.layout());
    assertEquals(1, origin.version());
    assertTrue(origin.largestError() > 0, origin.toString());
    verified("columns");
  }

  @ParameterizedTest
  @ValueSource(strings = {"top-k:4", UNION})
  void whatWasRoundedRoundTripsAndDoesNotPretend(String statistic) {
    Manifest columns = extract(statistic, "columns", "columns");
    Manifest direct = extract(statistic, "rows", "direct");
    Manifest rows = migrate("columns", "rows", "rows");
    assertEquals(
        List.of("arithmetic: lanes16-1 here, lanes16-1+columns asked for"),
        direct.identity().differences(rows.identity()));
    assertNotEquals(direct.digest(), rows.digest());
    assertEquals(direct.fingerprint(), rows.fingerprint());
    assertEquals(0, rows.origins().get(0).errorBound());
    assertEquals(0, rows.origins().get(0).largestError());
    same("columns", "rows");
    verified("rows");
    Manifest back = migrate("rows", "columns", "back");
    assertEquals(columns.digest(), back.digest());
    assertEquals(columns.shards(), back.shards());
    assertEquals(List.of("columns", "rows"), back.origins().stream().map(Origin::layout).toList());
    assertEquals(0, back.origins().get(1).largestError(), "it was rounded already");
  }

  private void same(String one, String two) {
    try (Dataset a = Dataset.open(path(one));
        Dataset b = Dataset.open(path(two))) {
      MigrationError error = new MigrationError(Layouts.named("rows")); // which allows none
      for (var shard : a.manifest().shards()) {
        error.accept(
            a.read(shard.firstSequence(), shard.sequences(), Projection.ALL),
            b.read(shard.firstSequence(), shard.sequences(), Projection.ALL));
        assertEquals(
            a.sources(shard.firstSequence()).sources(), b.sources(shard.firstSequence()).sources());
      }
    }
  }

  private void verified(String name) {
    try (Dataset dataset = Dataset.open(path(name))) {
      new DatasetVerifier(dataset).parts().forEach(part -> assertEquals(List.of(), part.verify()));
    }
  }

  @Test
  void whatIsFinishedIsNotDoneAgain() throws IOException {
    extract("top-k:4", "rows", "rows");
    Manifest undisturbed = migrate("rows", "columns", "undisturbed");
    stopAfterAShard("rows", "stopped");
    assertFalse(Files.exists(directory.resolve("stopped/manifests")), "nothing half-done");
    Map<String, FileTime> kept = files("stopped/shards");
    assertTrue(!kept.isEmpty() && kept.size() < 3, kept.toString());
    Manifest resumed = migrate("rows", "columns", "stopped");
    assertEquals(undisturbed, resumed);
    Map<String, FileTime> now = files("stopped/shards");
    kept.forEach((name, time) -> assertEquals(time, now.get(name), "written once"));
    assertEquals(undisturbed, migrate("rows", "columns", "stopped"), "again it does nothing");
  }

  /** As a kill between two shards: the second finds that the source is gone. */
  private void stopAfterAShard(String from, String to) throws IOException {
    Manifest manifest;
    try (Dataset dataset = Dataset.open(path(from))) {
      manifest = dataset.manifest();
    }
    Path second = directory.resolve(from).resolve(manifest.shards().get(1).key());
    Path aside = directory.resolve("aside");
    Files.move(second, aside);
    MigrateRequest request =
        new MigrateRequest(
            path(from), OptionalLong.of(1), "columns", path(to), List.of("--targetParallelism=1"));
    while (files(to + "/shards").isEmpty()) { // The order is another each time.
      DataException e =
          assertThrows(DataException.class, () -> MigrateJob.run(request, JobListener.NONE));
      assertTrue(e.getMessage().contains("missing"), e.getMessage());
      assertTrue(e.getMessage().contains(manifest.shards().get(1).key()), e.getMessage());
      assertTrue(e.getMessage().contains("what is migrated is kept"), e.getMessage());
    }
    Files.move(aside, second);
  }

  private Map<String, FileTime> files(String below) throws IOException {
    Map<String, FileTime> files = new TreeMap<>();
    Path folder = directory.resolve(below);
    if (Files.exists(folder)) {
      try (var found = Files.list(folder)) {
        for (Path file : found.toList()) {
          files.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
        }
      }
    }
    return files;
  }

  @Test
  void aDatasetOfThisIdentityFromElsewhereIsNotTakenForIt() {
    extract("top-k:4", "rows", "rows");
    extract("top-k:4", "columns", "direct");
    DataException e = assertThrows(DataException.class, () -> migrate("rows", "columns", "direct"));
    assertTrue(e.getMessage().contains("was not migrated from " + path("rows")), e.getMessage());
  }
}
