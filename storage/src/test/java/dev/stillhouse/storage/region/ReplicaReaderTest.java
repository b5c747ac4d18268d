package dev.stillhouse.storage.region;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.Ledger.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaReaderTest {
  private final MemoryStore near = new MemoryStore("near");
  private final MemoryStore far = new MemoryStore("far");
  private final Ledger ledger = new Ledger();
  private final ReplicaReader reader = new ReplicaReader(ImmutableList.of(near, far), ledger);

  @Test
  void theFirstRegionServesAloneWhenItsCopyIsRight() {
    put(near, "k", "right");
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    assertEquals(0, far.reads());
  }

  @Test
  void whatTheFirstRegionLacksTheSecondServes() {
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    assertEquals(1, near.reads());
  }

  @Test
  void aDamagedCopyIsNotAskedForAgain() {
    put(near, "k", "wrong");
    put(near, "other", "right");
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    assertEquals(1, near.reads());
    assertEquals("right", read("k", 5));
    assertEquals(1, near.reads());
    assertEquals("right", read("other", 5));
    assertEquals(2, near.reads());
  }

  @Test
  void aCopyThatIsTooShortIsDamagedToo() {
    put(near, "k", "rig");
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    assertEquals("right", read("k", 5));
    assertEquals(1, near.reads());
  }

  @Test
  void aLoneDamagedCopyIsAskedForAgain() {
    ReplicaReader alone = new ReplicaReader(ImmutableList.of(near), ledger);
    put(near, "k", "wrong");
    for (int i = 1; i <= 2; i++) {
      DamagedBlobException error =
          assertThrows(
              DamagedBlobException.class,
              () -> alone.read("k", List.of(new ByteRange(0, 5)), ReplicaReaderTest::check));
      assertEquals("not right", error.reason());
      assertEquals(i, near.reads());
    }
  }

  @Test
  void whenAllFailEveryRegionIsNamedWithItsReason() {
    put(far, "k", "wrong");
    for (String reason : List.of("not right", "damaged before")) {
      DataException error = assertThrows(DataException.class, () -> read("k", 5));
      String message = error.getMessage();
      assertTrue(message.contains("copy of k"), message);
      assertTrue(message.contains("near: missing"), message);
      assertTrue(message.substring(message.indexOf("far: ")).contains(reason), message);
    }
  }

  @Test
  void theLedgerCountsEveryByteAndRequest() {
    put(near, "k", "wrong");
    put(far, "k", "right");
    assertEquals("right", read("k", 5)); // near in vain, then far
    reader.read("k", List.of(new ByteRange(1, 2), new ByteRange(0, 1))); // near is avoided
    put(near, "small", "abc");
    reader.read("small", List.of(new ByteRange(0, 3), new ByteRange(2, 0), new ByteRange(1, 1)));
    List<Entry> entries = ledger.entries();
    assertEquals(List.of("far", "near"), entries.stream().map(Entry::region).toList());
    assertEquals(5 + 3, entries.get(0).bytes());
    assertEquals(1 + 2, entries.get(0).requests());
    assertEquals(5 + 4, entries.get(1).bytes());
    assertEquals(1 + 3, entries.get(1).requests());
    assertTrue(entries.stream().allMatch(entry -> entry.seconds() > 0));
  }

  /** A store charges for a request that finds nothing. */
  @Test
  void theLedgerCountsRequestsThatFail() {
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    Entry missed = ledger.entries().get(1);
    assertEquals("near", missed.region());
    assertEquals(1, missed.requests());
    assertEquals(0, missed.bytes());
  }

  private String read(String key, int length) {
    return reader.read(key, List.of(new ByteRange(0, length)), ReplicaReaderTest::check);
  }

  private static String check(List<ByteBuffer> bytes) {
    String text = UTF_8.decode(bytes.get(0)).toString();
    if (!text.equals("right")) {
      throw new DamagedBlobException("k", 0, "not right");
    }
    return text;
  }

  private static void put(MemoryStore store, String key, String text) {
    assertTrue(store.putNew(key, text.getBytes(UTF_8)));
  }
}
