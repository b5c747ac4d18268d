package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies are proved where they were written. */
class BlobCopyTest {
  private static final byte[] RIGHT = "right bytes".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WRONG = "wrong bytes".getBytes(StandardCharsets.UTF_8);

  private final Ledger ledger = new Ledger();
  private final MemoryStore from = new MemoryStore("from");
  private final MemoryStore to = new MemoryStore("to");
  private final LiveBlob blob;

  BlobCopyTest() {
    String sha256 = Hashes.sha256(RIGHT);
    blob = new LiveBlob("teachers/" + sha256, sha256, RIGHT.length);
    from.putIfAbsent(blob.key(), RIGHT);
  }

  private boolean copy(BlobStore store) {
    return new BlobCopy(new ReplicaReader(List.of(from), ledger), new BookedStore(store, ledger))
        .putProved(blob, new ReplicaReader(List.of(store), ledger));
  }

  @Test
  void aCopyIsPutOnceAndReadBack() {
    assertTrue(copy(to));
    assertFalse(copy(to), "it is there");
    assertEquals(RIGHT.length, ledger.entries().get(1).bytes(), "read back, once");
    assertEquals(RIGHT.length, ledger.entries().get(1).writtenBytes());
  }

  /** Of the right length, so that nothing but reading it tells. */
  @Test
  void whatIsGivenBackWrongIsPutOnceMore() {
    to.putIfAbsent(blob.key(), WRONG);
    MemoryStore later = new MemoryStore("to");
    ReplicaReader source = new ReplicaReader(List.of(from), ledger);
    assertTrue(
        new BlobCopy(source, later).putProved(blob, new ReplicaReader(List.of(to, later), ledger)));
    assertThrows(
        DataException.class,
        () ->
            new BlobCopy(source, new MemoryStore("to"))
                .putProved(blob, new ReplicaReader(List.of(to), ledger)));
  }

  @Test
  void aCutCopyGivesWay() {
    to.putIfAbsent(blob.key(), new byte[3]);
    assertTrue(copy(to));
    assertEquals(
        "right bytes",
        StandardCharsets.UTF_8
            .decode(to.read(blob.key(), List.of(new ByteRange(0, RIGHT.length))).join().get(0))
            .toString());
  }
}
