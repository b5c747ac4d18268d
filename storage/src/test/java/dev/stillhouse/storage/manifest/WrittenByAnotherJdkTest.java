package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.stillhouse.storage.Checksum;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JDK 17 prints some doubles with a digit more than JDK 19 and newer. One version of a dataset thus
 * has other bytes, of which each has its own checksum, and the same content.
 */
class WrittenByAnotherJdkTest {
  private static final String KEY = ManifestLog.key(1);

  /** The version that was recorded: a sum of powers of two, and of their negatives. */
  static Manifest manifest() {
    BlobRecord shard = new BlobRecord(Hashes.sha256("shard"), 1000, 200, "0123abcd");
    BlobRecord tokens = new BlobRecord(Hashes.sha256("tokens"), 500, 100, "0123abcd");
    Totals totals = new Totals(8, 7, 32, -0x1p-45, 0x1p-61, 0x1p-44);
    return MadeUpManifests.of(
        1,
        List.of(
            new ShardRecord(
                shard, 0, Hashes.sha256("rows"), totals, new TokenShardRecord(tokens, 0, 1, 8))));
  }

  private static byte[] recorded(int jdk) throws IOException {
    return Resources.toByteArray(
        Resources.getResource(WrittenByAnotherJdkTest.class, "manifest-of-jdk-" + jdk + ".json"));
  }

  @Test
  void theBytesDifferAndTheVersionDoesNot() throws IOException {
    assertFalse(Arrays.equals(recorded(17), recorded(25)));
    try (MemoryStore store = new MemoryStore("home")) {
      for (int jdk : new int[] {17, 25}) {
        assertTrue(Checksum.in(recorded(jdk)));
        assertEquals(manifest(), SampleDatasets.log(store).parse(KEY, recorded(jdk)));
      }
    }
    int here = Runtime.version().feature() < 19 ? 17 : 25;
    assertArrayEquals(recorded(here), Json.record(manifest()));
  }

  /** Two processes may share a job, and one may go on where another was killed. */
  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void whatTheOtherCommittedIsCommitted(int jdk) throws IOException {
    try (MemoryStore store = new MemoryStore("home")) {
      assertTrue(store.putIfAbsent(KEY, recorded(jdk)));
      assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(store).append(manifest()));
      assertEquals(
          CommitOutcome.CONFLICT,
          SampleDatasets.log(store).append(MadeUpManifests.of(1, MadeUpManifests.shards(1, 0, 1))));
    }
  }

  /** As where home's manifest was lost, and the job that had written it was run again. */
  @Test
  void copiesOfBothAreRight() throws IOException {
    try (MemoryStore home = new MemoryStore("home");
        MemoryStore far = new MemoryStore("far")) {
      assertTrue(home.putIfAbsent(KEY, recorded(17)));
      assertTrue(far.putIfAbsent(KEY, recorded(25)));
      List<VerifiedPart> parts =
          new DatasetVerifier(Dataset.of("d", ImmutableList.of(home, far), ReadContext.ANYWHERE))
              .parts();
      assertEquals(
          List.of(), // The blobs, which are nowhere, are told.
          parts.stream()
              .flatMap(part -> part.verify().stream())
              .filter(damage -> damage.blob().equals(KEY))
              .toList());
    }
  }
}
