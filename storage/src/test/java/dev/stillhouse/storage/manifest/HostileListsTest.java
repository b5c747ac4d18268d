package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.Checksum;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are damaged, and lists that somebody wrote to do harm: their hashes are right. */
@Tag("slow")
class HostileListsTest {
  @TempDir Path directory = Path.of("unset");
  private final MemoryStore store = new MemoryStore("home");
  private final Manifest good = MadeUpManifests.of(1, MadeUpManifests.shards(3, 0, 10)).inLists(4);
  private List<ListRecord> lists = List.of();

  @BeforeEach
  void write() {
    assertEquals(CommitOutcome.COMMITTED, SampleDatasets.log(store).append(good));
    lists = good.listBlobs();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private byte[] bytes(String key) {
    return new ReplicaReader(List.of(store), new Ledger()).readWhole(key, 1 << 20).orElseThrow();
  }

  private void put(String key, byte[] bytes) {
    store.delete(key);
    assertTrue(store.putIfAbsent(key, bytes));
  }

  private String refused() {
    return assertThrows(DataException.class, () -> SampleDatasets.log(store).latest()).getMessage();
  }

  @Test
  void aMissingListIsNamed() {
    store.delete(lists.get(1).key());
    assertTrue(refused().contains("missing: blob " + lists.get(1).key()), refused());
  }

  @Test
  void everyBitOfAListCounts() {
    byte[] right = bytes(lists.get(2).key());
    for (int at = 0; at < right.length; at += 7) {
      byte[] bad = right.clone();
      bad[at] ^= (byte) (1 << at % 8);
      put(lists.get(2).key(), bad);
      assertTrue(refused().contains(lists.get(2).key() + ", offset 0: sha256 is "), refused());
    }
  }

  @Test
  void aTruncatedListIsNamedWithItsLength() {
    byte[] right = bytes(lists.get(0).key());
    for (int length : new int[] {0, 4, right.length / 2, right.length - 1}) {
      put(lists.get(0).key(), Arrays.copyOf(right, length));
      assertTrue(refused().contains(lists.get(0).key() + ", offset " + length), refused());
    }
  }

  private void editHead(UnaryOperator<String> edit) {
    byte[] unsealed = Checksum.checked("m", bytes(ManifestLog.key(1)));
    String json = new String(unsealed, UTF_8);
    String edited = edit.apply(json);
    assertFalse(json.equals(edited));
    put(ManifestLog.key(1), edited.getBytes(UTF_8));
  }

  @Test
  void aListWithOtherThanTheRowsThatAreSaidIsRefused() {
    for (int rows : new int[] {1, 3, 5, 65_536}) {
      editHead(json -> json.replaceFirst("\"shards\" : [0-9]+", "\"shards\" : " + rows));
      assertTrue(
          refused().contains(lists.get(0).key() + ", offset 4: no header of a page of "),
          refused());
    }
  }

  /** Nothing is fetched or made on the word of such a head. */
  @Test
  void limitsAreCheckedFirst() {
    int reads = store.reads();
    for (String field :
        new String[] {
          "shards\" : 65537", "shards\" : 0", "shards\" : -1", "bytes\" : 99999999", "bytes\" : 0"
        }) {
      String name = field.substring(0, field.indexOf('"'));
      write(json -> json.replaceFirst("(\"lists\"[^}]*)\"" + name + "\" : [0-9]+", "$1\"" + field));
      assertTrue(refused().contains("list " + lists.get(0).sha256()), refused());
    }
    assertEquals(
        10, store.reads() - reads, "the manifest, five times by the test, five by the log");
  }

  private void write(UnaryOperator<String> edit) {
    store.delete(ManifestLog.key(1));
    String json = new String(Json.pretty(ManifestHead.of(good, lists)), UTF_8);
    assertFalse(json.equals(edit.apply(json)));
    put(ManifestLog.key(1), edit.apply(json).getBytes(UTF_8));
  }

  private void name(ListRecord... named) {
    put(ManifestLog.key(1), Json.pretty(ManifestHead.of(good, List.of(named))));
  }

  @Test
  void listsFollowOneAnother() {
    name(lists.get(0), lists.get(0));
    assertTrue(refused().contains("need ascending ones"), "twice: " + refused());
    name(lists.get(1), lists.get(0));
    assertTrue(refused().contains("need ascending ones"), "backwards: " + refused());
    name(lists.get(0), lists.get(2));
    assertTrue(
        refused().contains("starts at sequence " + lists.get(2).firstSequence()),
        "a gap: " + refused());
    name(lists.get(0), lists.get(1));
    assertTrue(refused().contains("digest"), "one is left out: " + refused());
    ListRecord one = lists.get(1);
    name(
        lists.get(0),
        new ListRecord(one.sha256(), one.bytes(), one.shards(), one.firstSequence() + 1),
        lists.get(2));
    assertTrue(refused().contains(one.key() + ", row 0: "), "it says otherwise: " + refused());
  }

  /** Puts a list of the first four shards that was changed, and a manifest that names it. */
  private String forged(Consumer<ShardList> change) throws IOException {
    ShardList list = ShardList.of(good.shards().subList(0, 4));
    change.accept(list);
    Path file = directory.resolve("list");
    var sealed = ShardList.COLUMNS.write(file, list.shards(), list.columns(), Map.of());
    ListRecord forged = new ListRecord(sealed.sha256(), sealed.bytes(), list.shards(), 0);
    put(forged.key(), Files.readAllBytes(file));
    Files.delete(file);
    name(forged, lists.get(1), lists.get(2));
    return refused().replace(forged.key(), "KEY");
  }

  @Test
  void everyRowIsChecked() throws IOException {
    String overlap = forged(l -> l.column(ShardColumn.FIRST_SEQUENCE).putLong(16, 1));
    assertTrue(overlap.contains("KEY, row 2: shard "), overlap);
    assertTrue(overlap.contains("starts at sequence 1; "), overlap);
    String none = forged(l -> l.column(ShardColumn.SEQUENCES).putInt(12, 0));
    assertTrue(none.contains("KEY, row 3: ") && none.contains("sequences 0, need 1"), none);
    String unit = forged(l -> l.column(ShardColumn.UNIT_START).putLong(0, -1));
    assertTrue(unit.contains("KEY, row 0: ") && unit.contains("unit_start -1"), unit);
    String footer = forged(l -> l.column(ShardColumn.FOOTER_BYTES).putInt(4, -5));
    assertTrue(footer.contains("KEY, row 1: ") && footer.contains("footer_bytes -5"), footer);
    String tokens = forged(l -> l.column(ShardColumn.TOKEN_BYTES).putLong(8, -1));
    assertTrue(tokens.contains("KEY, row 1: ") && tokens.contains("token_bytes -1"), tokens);
    String digest = forged(l -> flip(l.column(ShardColumn.SHA256), 33));
    assertTrue(digest.contains("digest " + good.digest() + " does not follow"), digest);
    String sum = forged(l -> flip(l.column(ShardColumn.FINGERPRINT), 33));
    assertTrue(sum.contains("fingerprint " + good.fingerprint() + " is not"), sum);
  }

  private static void flip(ByteBuffer column, int at) {
    column.put(at, (byte) ~column.get(at));
  }

  /** A file with any byte changed whose hash is right: refused by name, or it says the same. */
  @Test
  void noFileMakesAnotherErrorThanANamedOne() {
    ListRecord list = lists.get(0);
    byte[] right = bytes(list.key());
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = right.clone();
      int at = i < right.length ? i : random.nextInt(right.length);
      bad[at] = (byte) random.nextInt();
      int length = i % 3 == 0 ? 1 + random.nextInt(bad.length) : bad.length;
      bad = Arrays.copyOf(bad, length);
      String sha256 = Hashing.sha256().hashBytes(bad).toString();
      ListRecord forged = new ListRecord(sha256, bad.length, list.shards(), 0);
      put(forged.key(), bad);
      name(forged, lists.get(1), lists.get(2));
      try {
        assertTrue(SampleDatasets.log(store).latest().isPresent());
      } catch (DataException e) {
        refused++;
        if (e instanceof DamagedBlobException damaged) {
          assertEquals(forged.key(), damaged.blob());
        }
      }
      store.delete(forged.key());
    }
    assertTrue(refused > 900, refused + " were refused");
  }
}
