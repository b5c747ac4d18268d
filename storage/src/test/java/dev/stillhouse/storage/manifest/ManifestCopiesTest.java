package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.Checksum;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of two manifests is right is proved, or not decided. */
class ManifestCopiesTest {
  private static final String KEY = ManifestLog.key(1);

  private final MemoryStore home = new MemoryStore("home");
  private final MemoryStore fra = new MemoryStore("fra");
  private byte[] right = new byte[0];

  @BeforeEach
  void write() throws IOException {
    Manifest manifest =
        new SampleDatasets(home, "rows", 8, ConsistentStatistics::of).write(1, 6, 5);
    right = bytes(home, KEY);
    assertTrue(Checksum.in(right));
    assertEquals(1, manifest.version());
    for (String key : home.list("")) {
      assertTrue(fra.putIfAbsent(key, bytes(home, key)));
    }
  }

  @AfterEach
  void close() {
    home.close();
    fra.close();
  }

  private static byte[] bytes(BlobStore store, String key) {
    ByteRange whole = new ByteRange(0, (int) store.size(key).orElseThrow());
    return store.read(key, List.of(whole)).join().get(0).array();
  }

  private static void put(BlobStore store, String key, byte[] bytes) {
    store.delete(key);
    assertTrue(store.putIfAbsent(key, bytes));
  }

  private List<VerifiedPart> parts() {
    Dataset dataset =
        Dataset.of("d", ImmutableList.of(home, fra), ReadContext.ANYWHERE); // Closed with stores.
    return new DatasetVerifier(dataset).parts();
  }

  private List<Damage> verify() {
    return parts().stream().flatMap(part -> part.verify().stream()).toList();
  }

  private List<Damage> repair() {
    return parts().stream().flatMap(part -> part.repair().left().stream()).toList();
  }

  private static byte[] edited(byte[] json, String field, String value) {
    String text = new String(json, UTF_8);
    String edited =
        text.replaceFirst(
            Pattern.quote("\"" + field + "\" : ") + "(\"[^\"]*\"|[^,}\\s]+)",
            "\"" + field + "\" : " + value);
    return edited.getBytes(UTF_8);
  }

  private static byte[] old(byte[] json) {
    return Checksum.checked("m", json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"home", "fra"})
  void aFlippedUnitIsFoundAndMendedFromTheOther(String where) {
    BlobStore bad = where.equals("home") ? home : fra;
    String unit = Hashes.sha256("unit");
    String other = unit.replaceFirst("^.", unit.startsWith("a") ? "b" : "a");
    for (byte[] record : List.of(right, old(right))) {
      put(home, KEY, record);
      put(fra, KEY, record);
      assertEquals(List.of(), verify());
      put(bad, KEY, new String(record, UTF_8).replace(unit, other).getBytes(UTF_8));
      assertEquals(List.of(where), verify().stream().map(Damage::region).toList());
      assertEquals(List.of(), repair());
      assertArrayEquals(record, bytes(home, KEY));
      assertArrayEquals(record, bytes(fra, KEY));
    }
  }

  /** Both can be: none has a checksum, and a teacher's name follows from nothing. */
  @Test
  void whereNothingProvesWhichIsRightNoneIsTaken() {
    byte[] one = old(right);
    byte[] two = new String(one, UTF_8).replace("made up", "made ut").getBytes(UTF_8);
    put(home, KEY, one);
    put(fra, KEY, two);
    List<Damage> damages = verify();
    assertEquals(List.of("home", "fra"), damages.stream().map(Damage::region).toList());
    for (Damage damage : damages) {
      assertTrue(damage.reason().contains("teacher: \"made u"), damage.reason());
      assertTrue(damage.reason().contains("nothing proves which is right"), damage.reason());
    }
    for (Damage left : repair()) {
      assertTrue(left.reason().contains("by hand"), left.reason());
    }
    assertArrayEquals(one, bytes(home, KEY));
    assertArrayEquals(two, bytes(fra, KEY));
    put(fra, KEY, right);
    put(home, KEY, two);
    assertEquals(List.of("home"), verify().stream().map(Damage::region).toList());
    assertEquals(List.of(), repair());
    assertArrayEquals(right, bytes(home, KEY));
  }

  /** Of a record without a checksum: each is told by what follows from what. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          corpus | "x" | does not follow
          entropy | 1e9 | totals.entropy 1.0E9; need
          entropy | -7 | totals.entropy -7.0; need
          entropy | 1.0 | the manifest says
          targetLogProb | 1e9 | totals.targetLogProb
          targetLogProb | -1.0 | the manifest says
          tailMass | 1e9 | totals.tailMass
          tailMass | 0.5 | the manifest says
          targets | 999 | totals.targets 999; need 0 to
          targets | 3 | the manifest says
          entries | 3 | the manifest says
          entries | -3 | totals.entries -3; need
          positions | 7 | totals.positions 7; need its tokens'
          unitStart | 7 | unitStart 7; need 0 or
          vocabulary | 17 | shard of another dataset
          sequenceLength | 17 | shard of another dataset
          footerBytes | 17 | damaged
          footerCrc32c | "00000000" | CRC32C
          bytes | 20000 | the dataset says 20000
          """)
  void whatARecordWithoutChecksumSaysIsComparedWithWhatThereIs(
      String field, String value, String told) {
    byte[] bad = edited(old(right), field, value);
    assertTrue(bad.length > 0 && !new String(bad, UTF_8).equals(new String(old(right), UTF_8)));
    put(home, KEY, bad);
    fra.vanish();
    String found;
    try {
      found = verify().toString();
    } catch (DataException e) {
      found = e.getMessage();
    }
    assertTrue(found.contains(told), found);
  }
}
