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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertEquals(RIGHT.length, ledger.entries().get(1).bytes(), "read back, once");
    assertFalse(copy(to), "it is there");
    assertEquals(2L * RIGHT.length, ledger.entries().get(1).bytes(), "what is there is read too");
    assertEquals(RIGHT.length, ledger.entries().get(1).writtenBytes());
  }

  private static String text(BlobStore store, String key) {
    ByteRange whole = new ByteRange(0, (int) store.size(key).orElseThrow());
    return StandardCharsets.UTF_8.decode(store.read(key, List.of(whole)).join().get(0)).toString();
  }

  /** No length tells it from the right one. */
  @Test
  void aWrongBlobOfTheRightLengthGivesWay() {
    BlobCopy copy = new BlobCopy(new ReplicaReader(List.of(from), ledger), to);
    copy.putMissing(blob);
    assertEquals("right bytes", text(to, blob.key()));
    for (Runnable put :
        List.<Runnable>of(
            () -> copy.putMissing(blob),
            () -> assertTrue(copy(to)),
            () -> ContentBlob.put(to, blob.key(), RIGHT),
            () -> ContentBlob.put(to, blob.key(), file()))) {
      to.delete(blob.key());
      to.putIfAbsent(blob.key(), WRONG);
      put.run();
      assertEquals("right bytes", text(to, blob.key()));
    }
  }

  private Path file() {
    try {
      return Files.write(to.scratch().resolve("right"), RIGHT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    assertEquals("right bytes", text(to, blob.key()));
  }
}
