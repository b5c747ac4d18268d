package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.LossyStore;
import dev.stillhouse.storage.store.LossyStore.Fate;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A manifest answers the same whether its shards stand in it or in lists. */
class ManifestFormatsTest {
  @Property(tries = 100)
  void bothFormatsSayTheSame(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 15) int perList) {
    List<ShardRecord> shards = MadeUpManifests.shards(seed, 0, count);
    Manifest inline = MadeUpManifests.of(1, shards);
    try (MemoryStore one = new MemoryStore("one");
        MemoryStore two = new MemoryStore("two")) {
      Manifest first = written(one, inline);
      Manifest second = written(two, inline.inLists(perList));
      assertEquals(Manifest.INLINE, first.format());
      assertEquals(Manifest.LISTED, second.format());
      assertEquals(0, one.list(BlobKind.LIST.folder()).size());
      assertEquals((count + perList - 1) / perList, two.list(BlobKind.LIST.folder()).size());
      assertEquals(inline, first);
      for (Manifest read : List.of(first, second)) {
        assertEquals(shards, read.shards());
        assertEquals(inline.shards(), read.shards());
        assertEquals(inline.digest(), read.digest());
        assertEquals(inline.fingerprint(), read.fingerprint());
        assertEquals(shards.stream().mapToLong(s -> s.blob().bytes()).sum(), read.bytes());
        assertEquals(
            shards.stream().map(ShardRecord::totals).reduce(Totals.NONE, Totals::plus),
            read.totals());
        assertShardOf(shards, read);
      }
    }
  }

  private static void assertShardOf(List<ShardRecord> shards, Manifest read) {
    assertEquals(shards.stream().mapToLong(ShardRecord::sequences).sum(), read.sequences());
    for (ShardRecord shard : shards) {
      assertEquals(shard, read.shardOf(shard.firstSequence()));
      assertEquals(shard, read.shardOf(shard.endSequence() - 1));
    }
    assertThrows(DataException.class, () -> read.shardOf(-1));
    assertThrows(DataException.class, () -> read.shardOf(read.sequences()));
  }

  private static Manifest written(BlobStore store, Manifest manifest) {
    ManifestLog log = SampleDatasets.log(store);
    assertEquals(CommitOutcome.COMMITTED, log.append(manifest));
    assertEquals(CommitOutcome.COMMITTED, log.append(manifest), "the same bytes again");
    return SampleDatasets.log(store).version(manifest.version());
  }

  @Test
  void onlyManyShardsAreListed() {
    List<ShardRecord> shards = MadeUpManifests.shards(1, 0, Manifest.MAX_INLINE + 1);
    Manifest small = MadeUpManifests.of(1, shards.subList(0, Manifest.MAX_INLINE));
    Manifest large = MadeUpManifests.of(2, shards);
    assertEquals(Manifest.INLINE, small.format());
    assertEquals(Manifest.LISTED, large.format());
    String json = Json.line(MadeUpManifests.of(1, shards.subList(0, 1)));
    assertTrue(json.startsWith("{\"format\":\"stillhouse-manifest-1\",\"version\":1,"), json);
    assertTrue(json.contains("\"shards\":[{\"blob\":{\"sha256\":"), json);
    assertFalse(json.contains("list"), json);
    try (MemoryStore store = new MemoryStore("home")) {
      assertEquals(large, written(store, large));
      // Format 1 of any size stays readable.
      store.putIfAbsent(ManifestLog.key(1), Json.pretty(inline(large)));
      Manifest read = SampleDatasets.log(store).version(1);
      assertEquals(Manifest.INLINE, read.format());
      assertEquals(large.shards(), read.shards());
    }
  }

  private static Manifest inline(Manifest m) {
    return new Manifest(
        Manifest.INLINE,
        1,
        m.identity(),
        m.digest(),
        m.fingerprint(),
        m.tokenizer(),
        m.teacher(),
        m.vocabulary(),
        m.sequenceLength(),
        m.units(),
        m.shards(),
        m.skipped(),
        m.origins(),
        m.teacherDoubts(),
        m.imported(),
        m.teacherNotes());
  }

  /** A teacher's note is kept in both forms; a manifest without one has no key for it. */
  @Test
  void aTeachersNoteIsKept() {
    TeacherNote note = new TeacherNote(1.3e-4, 16, 12, 5.5e-3);
    for (Manifest plain :
        List.of(
            MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 3)),
            MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 3)).inLists(2))) {
      assertFalse(Json.line(plain).contains("teacherNotes"));
      assertFalse(Json.line(ManifestHead.of(plain, List.of())).contains("teacherNotes"));
      try (MemoryStore store = new MemoryStore("home")) {
        Manifest read = written(store, plain.noting(List.of(note)));
        assertEquals(List.of(note), read.teacherNotes());
        assertEquals(plain.digest(), read.digest());
      }
    }
    assertEquals(
        List.of(new TeacherNote(1.3e-4, 16, 15, 6e-3)),
        TeacherNote.sum(List.of(note, new TeacherNote(0, 0, 3, 6e-3))));
  }

  /** What is appended to shares all that was full. */
  @Test
  void aNextVersionSharesAllListsButTheLast() {
    try (MemoryStore store = new MemoryStore("home")) {
      ManifestLog log = SampleDatasets.log(store);
      Manifest first = MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 10)).inLists(4);
      assertEquals(CommitOutcome.COMMITTED, log.append(first));
      Set<String> before = new HashSet<>(store.list(BlobKind.LIST.folder()));
      Manifest read = log.version(1);
      ShardLists grown = read.lists().plus(MadeUpManifests.shards(4, read.sequences(), 3), 4);
      assertEquals(13, grown.size());
      assertEquals(read.shards(), grown.subList(0, 10));
      for (int i = 0; i < 2; i++) {
        assertTrue(grown.lists().get(i) == read.lists().lists().get(i), "the same columns");
      }
      int reads = store.reads();
      assertEquals(
          CommitOutcome.COMMITTED,
          log.append(MadeUpManifests.of(2, List.copyOf(grown)).inLists(4)));
      assertEquals(2, store.reads() - reads, "two lists were there, and were found to be right");
      Set<String> added = new HashSet<>(store.list(BlobKind.LIST.folder()));
      added.removeAll(before);
      assertEquals(2, added.size(), "the third list grew, the fourth is new");
      assertEquals(List.copyOf(grown), log.version(2).shards());
      assertEquals(first.shards(), log.version(1).shards());
      ShardLists same = read.lists().plus(List.of(), 4);
      assertEquals(read.shards(), same);
    }
  }

  /** Law 5: no manifest is there whose lists are not. */
  @Test
  void listsAreThereBeforeTheManifest() {
    Manifest manifest = MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 10)).inLists(4);
    for (int lost = 0; lost < 4; lost++) {
      for (Fate fate : List.of(Fate.REQUEST_LOST, Fate.ANSWER_LOST)) {
        try (MemoryStore store = new MemoryStore("home")) {
          List<Fate> fates = new ArrayList<>();
          for (int i = 0; i < lost; i++) {
            fates.add(Fate.ANSWERED);
          }
          fates.add(fate);
          Deque<Fate> left = new ArrayDeque<>(fates);
          ManifestLog bad =
              SampleDatasets.log(
                  new LossyStore(store, () -> left.isEmpty() ? Fate.ANSWERED : left.remove()));
          CommitOutcome outcome = bad.append(MadeUpManifests.listed(manifest, 4));
          boolean there = store.size(ManifestLog.key(1)).isPresent();
          if (lost < 3) {
            assertEquals(CommitOutcome.UNKNOWN, outcome);
            assertFalse(there, "the manifest was put without list " + lost);
          }
          assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(store).settle(manifest));
          assertEquals(manifest.shards(), SampleDatasets.log(store).version(1).shards());
        }
      }
    }
  }

  @Test
  void aDamagedListThatIsInTheWayIsReplaced() {
    Manifest manifest = MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 10)).inLists(4);
    String key;
    try (MemoryStore other = new MemoryStore("other")) {
      written(other, manifest.inLists(4));
      key = other.list(BlobKind.LIST.folder()).get(1);
    }
    try (MemoryStore store = new MemoryStore("home")) {
      assertTrue(store.putIfAbsent(key, "what was left of it".getBytes(UTF_8)));
      assertEquals(manifest.shards(), written(store, manifest).shards());
    }
  }

  /** A list that is known from an older version, and has the right length, is read all the same. */
  @Test
  void aDamagedListOfAnOlderVersionIsReplaced() {
    try (MemoryStore store = new MemoryStore("home")) {
      ManifestLog log = SampleDatasets.log(store);
      assertEquals(
          CommitOutcome.COMMITTED,
          log.append(MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 10)).inLists(4)));
      Manifest first = log.version(1);
      String key = store.list(BlobKind.LIST.folder()).get(0);
      byte[] wrong = new byte[(int) store.size(key).orElseThrow()];
      store.delete(key);
      assertTrue(store.putIfAbsent(key, wrong));
      log.prepare(first);
      assertEquals(first.shards(), SampleDatasets.log(store).version(1).shards());
    }
  }

  /** Versions share columns in memory, as long as somebody holds them. */
  @Test
  void versionsShareWhatTheyHaveInCommon() {
    try (MemoryStore store = new MemoryStore("home")) {
      ManifestLog log = new ManifestLog(store, new ReplicaReader(List.of(store), new Ledger()));
      List<ShardRecord> shards = MadeUpManifests.shards(3, 0, 10);
      log.append(MadeUpManifests.of(1, shards).inLists(4));
      log.append(MadeUpManifests.of(2, shards.subList(0, 9)).inLists(4));
      Manifest one = log.version(1);
      int reads = store.reads();
      Manifest two = log.version(2);
      assertEquals(2, store.reads() - reads, "the manifest and its last list");
      assertTrue(one.lists().lists().get(0) == two.lists().lists().get(0));
    }
  }
}
