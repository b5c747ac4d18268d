package dev.stillhouse.storage.dataset.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way a shard can be wrong is named with the blob and a reason. */
class VerifierTest {
  private static final int LENGTH = 10;

  private final MemoryStore store = new MemoryStore("home");

  @AfterEach
  void close() {
    store.close();
  }

  private Manifest write(String layout) throws IOException {
    return new SampleDatasets(store, layout, LENGTH, ConsistentStatistics::of).write(1, 30, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsNothingWhereNothingIsWrong(String layout) throws IOException {
    Manifest manifest = write(layout);
    for (ShardRecord shard : manifest.shards()) {
      assertEquals(List.of(), verify(store, manifest, shard));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsWhatAUnionHasWrong(String layout) throws IOException {
    StatisticSpec spec = StatisticSpec.parse("top-k:4+sample:9,temperature=2.0+normaliser-at:2.0");
    ConsistentUnions unions = new ConsistentUnions(spec);
    Manifest good = new SampleDatasets(store, layout, LENGTH, spec, unions::of).write(1, 30);
    assertEquals(List.of(), verify(store, good, good.shards().get(0)));
    SampleDatasets.Statistics miscounted =
        (random, tokens, k, vocabulary) -> {
          StatisticsBatch batch = unions.of(random, tokens, k, vocabulary);
          batch.provenance().counts()[0]++;
          return batch;
        };
    try (MemoryStore other = new MemoryStore("home")) {
      Manifest bad = new SampleDatasets(other, layout, LENGTH, spec, miscounted).write(1, 30);
      String reason = verify(other, bad, bad.shards().get(0)).get(0).reason();
      assertTrue(reason.contains("sequence 0, position 0: "), reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsAShardThatWasCutShort(String layout) throws IOException {
    Manifest manifest = write(layout);
    for (ShardRecord shard : manifest.shards()) {
      byte[] good = blob(shard.key(), shard.blob());
      replace(shard.key(), Arrays.copyOf(good, good.length - 1));
      assertTrue(damage(manifest, shard, shard.key()).contains("bytes, the dataset says"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsAFlippedBitWhereverItIs(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(1);
    byte[] good = blob(shard.key(), shard.blob());
    int footer = good.length - shard.blob().footerBytes();
    for (int at : new int[] {0, 3, 4, 200, footer - 1, footer, footer + 50, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      replace(shard.key(), bad);
      String reason = damage(manifest, shard, shard.key());
      String wanted = at < 4 ? "sha256" : at < footer ? "CRC32C of the " : "CRC32C of the footer";
      assertTrue(reason.contains(wanted), at + ": " + reason);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsDamageOfATokenShard(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(0);
    String key = shard.tokens().key();
    byte[] bad = blob(key, shard.tokens().blob());
    bad[40] ^= 4;
    replace(key, bad);
    assertTrue(damage(manifest, shard, key).contains("CRC32C"));
    store.delete(key);
    assertTrue(damage(manifest, shard, key).contains("missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsAShardThatIsMissing(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(0);
    store.delete(shard.key());
    assertTrue(damage(manifest, shard, shard.key()).contains("missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsAnotherShardUnderThisName(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(0);
    ShardRecord other =
        new SampleDatasets(store, layout, LENGTH, ConsistentStatistics::of).shard(77, 0, 30);
    replace(shard.key(), blob(other.key(), other.blob()));
    damage(manifest, shard, shard.key());
    // Even where a manifest vouches for its bytes: it is of another place in the dataset.
    ShardRecord lying =
        new ShardRecord(
            manifest.shards().get(1).blob(),
            0,
            shard.fingerprint(),
            shard.totals(),
            shard.tokens());
    assertTrue(damage(manifest, lying, lying.key()).contains("shard of another dataset"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsATokenShardThatWasSwapped(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(0);
    ShardRecord other =
        new SampleDatasets(store, layout, LENGTH, ConsistentStatistics::of).shard(77, 0, 30);
    ShardRecord swapped =
        new ShardRecord(shard.blob(), 0, shard.fingerprint(), shard.totals(), other.tokens());
    String reason = damage(manifest, swapped, shard.key());
    assertTrue(reason.contains("tokens are not those of " + other.tokens().key()), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsFingerprintAndTotalsThatAreNotTheRows(String layout) throws IOException {
    Manifest manifest = write(layout);
    ShardRecord shard = manifest.shards().get(0);
    ShardRecord other = manifest.shards().get(1);
    assertTrue(
        damage(
                manifest,
                new ShardRecord(
                    shard.blob(), 0, other.fingerprint(), shard.totals(), shard.tokens()),
                shard.key())
            .contains("fingerprint"));
    assertTrue(
        damage(
                manifest,
                new ShardRecord(
                    shard.blob(), 0, shard.fingerprint(), other.totals(), shard.tokens()),
                shard.key())
            .contains("totals"));
  }

  /** Law 1: off by one is what its peers have in their issue trackers. */
  @ParameterizedTest
  @ValueSource(strings = {"rows", "columns", "planes", "adaptive"})
  void findsStatisticsPairedWithTheWrongToken(String layout) throws IOException {
    SampleDatasets.Statistics shifted =
        (random, tokens, k, vocabulary) -> {
          StatisticsBatch batch = ConsistentStatistics.of(random, tokens, k, vocabulary);
          float[] target = batch.targetLogProb();
          for (int i = target.length - 1; i > 0; i--) {
            if (!Float.isNaN(target[i]) && !Float.isNaN(target[i - 1])) {
              target[i] = target[i - 1];
            }
          }
          return batch;
        };
    Manifest manifest = new SampleDatasets(store, layout, LENGTH, shifted).write(1, 6);
    ShardRecord shard = manifest.shards().get(0);
    String reason = damage(manifest, shard, shard.key());
    assertTrue(reason.matches("(?s).*sequence \\d+, position \\d+: .*"), reason);
    assertTrue(reason.contains("target_log_prob") || reason.contains("is not kept"), reason);
  }

  /** The one damage that verify names, which must be this blob's, here. */
  private String damage(Manifest manifest, ShardRecord shard, String blob) {
    List<Damage> damages = verify(store, manifest, shard);
    assertEquals(1, damages.size(), damages.toString());
    assertEquals(blob, damages.get(0).blob());
    assertEquals("home", damages.get(0).region());
    assertTrue(damages.get(0).reason().contains(blob), damages.toString());
    return damages.get(0).reason();
  }

  private static List<Damage> verify(BlobStore store, Manifest manifest, ShardRecord shard) {
    return new Verifier(store, new Ledger(), manifest).verify(shard);
  }

  private byte[] blob(String key, BlobRecord blob) {
    return store.read(key, List.of(new ByteRange(0, (int) blob.bytes()))).join().get(0).array();
  }

  private void replace(String key, byte[] bytes) {
    store.delete(key);
    assertTrue(store.putIfAbsent(key, bytes));
  }
}
