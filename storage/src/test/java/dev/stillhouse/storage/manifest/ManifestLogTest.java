package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.verify.ConsistentStatistics;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestLogTest {
  private final MemoryStore store = new MemoryStore("home");
  private final SampleDatasets samples =
      new SampleDatasets(store, "rows", 8, ConsistentStatistics::of);
  private final ManifestLog log = SampleDatasets.log(store);
  private List<ShardRecord> shards = List.of();

  @BeforeEach
  void writeShards() throws IOException {
    shards = List.of(samples.shard(1, 0, 2), samples.shard(2, 2, 3));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void keepsEveryVersionAndKnowsTheNewest() {
    assertEquals(Optional.empty(), log.latest());
    Manifest first = samples.manifest(1, shards.subList(0, 1));
    Manifest second = samples.manifest(2, shards);
    Manifest tenth = samples.manifest(10, shards.subList(0, 1));
    for (Manifest manifest : List.of(first, tenth, second)) {
      assertEquals(CommitOutcome.COMMITTED, log.append(manifest));
    }
    assertEquals(Optional.of(tenth), log.latest());
    assertEquals(first, log.version(1));
    assertEquals(second, log.version(2));
    assertEquals(5, log.version(2).sequences());
  }

  @Test
  void oneNumberIsOneManifest() {
    Manifest first = samples.manifest(1, shards);
    assertEquals(CommitOutcome.COMMITTED, log.append(first));
    assertEquals(CommitOutcome.COMMITTED, log.append(first), "the same bytes again");
    assertEquals(CommitOutcome.CONFLICT, log.append(samples.manifest(1, shards.subList(0, 1))));
    assertEquals(first, log.version(1));
  }

  private ManifestLog over(Fate... fates) {
    Deque<Fate> left = new ArrayDeque<>(List.of(fates));
    return SampleDatasets.log(
        new LossyStore(store, () -> left.isEmpty() ? Fate.ANSWERED : left.remove()));
  }

  @Test
  void aLostAnswerIsSettledByWhatIsThere() {
    Manifest first = samples.manifest(1, shards);
    Manifest other = samples.manifest(1, shards.subList(0, 1));
    assertEquals(CommitOutcome.COMMITTED, over(Fate.ANSWER_LOST).append(first));
    assertEquals(CommitOutcome.CONFLICT, over(Fate.ANSWER_LOST).append(other));
    assertEquals(CommitOutcome.CONFLICT, over(Fate.REQUEST_LOST).append(other));
    assertEquals(CommitOutcome.COMMITTED, over(Fate.REQUEST_LOST).append(first));
  }

  @Test
  void whatCannotBeLookedAtIsUnknownUntilItIsAppendedAgain() {
    Manifest first = samples.manifest(1, shards);
    Manifest other = samples.manifest(1, shards.subList(0, 1));
    assertEquals(CommitOutcome.UNKNOWN, over(Fate.ANSWER_LOST, Fate.REQUEST_LOST).append(first));
    assertEquals(CommitOutcome.UNKNOWN, over(Fate.ANSWERED, Fate.ANSWER_LOST).append(other));
    assertEquals(CommitOutcome.CONFLICT, over(Fate.ANSWERED, Fate.ANSWER_LOST).settle(other));
    assertEquals(CommitOutcome.COMMITTED, log.append(first));
  }

  /** It may still be on its way. */
  @Test
  void aLostRequestIsUnknown() {
    Manifest first = samples.manifest(1, shards);
    assertEquals(CommitOutcome.UNKNOWN, over(Fate.REQUEST_LOST).append(first));
    assertEquals(Optional.empty(), log.latest());
    assertEquals(CommitOutcome.COMMITTED, over(Fate.REQUEST_LOST).settle(first));
  }

  @Test
  void whatStaysUnknownIsToldWithItsReason() {
    Manifest first = samples.manifest(1, shards);
    ManifestLog dead = SampleDatasets.log(new LossyStore(store, () -> Fate.REQUEST_LOST));
    String message = assertThrows(DataException.class, () -> dead.settle(first)).getMessage();
    assertTrue(message.contains("not known whether " + ManifestLog.key(1)), message);
    assertTrue(message.contains("in region home: REQUEST_LOST"), message);
  }

  @Test
  void aVersionThatIsNotThereNamesThoseThatAre() {
    assertEquals(CommitOutcome.COMMITTED, log.append(samples.manifest(3, shards)));
    DataException error = assertThrows(DataException.class, () -> log.version(2));
    assertTrue(error.getMessage().contains("no version 2"), error.getMessage());
    assertTrue(error.getMessage().contains(ManifestLog.key(3)), error.getMessage());
  }

  @Test
  void namesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals("manifests/v00000000000000000012.json", ManifestLog.key(12));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void passesOverOtherFiles() {
    put("manifests/notes.txt", "hello");
    put("manifests/v2.json", "hello");
    assertEquals(Optional.empty(), log.latest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\nhello", "null", "[]", "{}", "{\"format\":\"x\"}"})
  void whatIsNoManifestIsNamedWithItsLine(String json) {
    put(ManifestLog.key(1), json);
    String message = refused();
    assertTrue(message.startsWith(ManifestLog.key(1) + ", line "), message);
  }

  @Test
  void namesTheLineOfAnError() {
    put(ManifestLog.key(1), "{\n\n\n  hello\n}");
    assertTrue(refused().contains("line 4"), refused());
  }

  @Test
  void aVersionThatLiesIsRefused() {
    put(ManifestLog.key(4), json(samples.manifest(3, shards)));
    assertTrue(refused().contains("version 3"), refused());
  }

  @Test
  void shardsMustConnect() {
    String good = json(samples.manifest(1, shards));
    put(ManifestLog.key(1), good.replace("\"firstSequence\" : 2", "\"firstSequence\" : 3"));
    assertTrue(refused().contains("starts at sequence 3; 2 must come next"), refused());
  }

  @Test
  void theDigestMustFollowFromTheShards() {
    String good = json(samples.manifest(1, shards));
    String sha256 = shards.get(1).blob().sha256();
    put(ManifestLog.key(1), good.replace(sha256, "0".repeat(64)));
    assertTrue(refused().contains("digest"), refused());
  }

  @Test
  void theDigestCoversTheIdentity() {
    String good = json(samples.manifest(1, shards));
    put(ManifestLog.key(1), good.replace("\"a-1\"", "\"a-2\""));
    assertTrue(refused().contains("digest"), refused());
  }

  @Test
  void theFingerprintMustBeTheShardsSum() {
    String good = json(samples.manifest(1, shards));
    put(ManifestLog.key(1), good.replace(shards.get(0).fingerprint(), "0".repeat(64)));
    assertTrue(refused().contains("fingerprint"), refused());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "", "/etc/passwd", "ABCDEF", "%2e%2e"})
  void aHashThatIsNoneIsRefused(String name) {
    String good = json(samples.manifest(1, shards));
    put(ManifestLog.key(1), good.replace(shards.get(1).tokens().blob().sha256(), name));
    assertTrue(refused().contains("sha256 is '" + name + "'"), refused());
  }

  @Test
  void aFooterChecksumHasEightDigits() {
    String good = json(samples.manifest(1, shards));
    put(ManifestLog.key(1), good.replace(shards.get(1).blob().footerCrc32c(), "+1"));
    assertTrue(refused().contains("need 8 hex digits"), refused());
  }

  private String refused() {
    return assertThrows(DataException.class, log::latest).getMessage();
  }

  private static String json(Manifest manifest) {
    return new String(Json.pretty(manifest), UTF_8);
  }

  private void put(String key, String json) {
    assertTrue(store.putIfAbsent(key, json.getBytes(UTF_8)));
  }
}
