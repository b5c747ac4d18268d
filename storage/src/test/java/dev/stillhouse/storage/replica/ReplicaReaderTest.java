package dev.stillhouse.storage.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger.Entry;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaReaderTest {
  private final MemoryStore near = new MemoryStore("near");
  private final MemoryStore far = new MemoryStore("far");
  private final Ledger ledger = new Ledger();
  private final ReplicaReader reader = new ReplicaReader(ImmutableList.of(near, far), ledger);

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

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
    for (int i = 0; i < 2; i++) {
      String message = assertThrows(DataException.class, () -> read("k", 5)).getMessage();
      assertTrue(message.contains("copy of k"), message);
      assertTrue(message.contains("near: missing"), message);
      assertTrue(message.substring(message.indexOf("far: ")).contains("not right"), message);
    }
  }

  @Test
  void aCopyThatWasMendedServesWhenTheOthersFail() throws IOException {
    put(near, "k", "wrong");
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    far.delete("k");
    Path file = Files.write(near.scratch().resolve("file"), "right".getBytes(UTF_8));
    near.replace("k", file);
    assertEquals("right", read("k", 5));
  }

  @Test
  void damagedCopiesAreToldOnceWithTheirPlace() {
    put(near, "k", "wrong");
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
    assertEquals("right", read("k", 5));
    assertEquals(List.of(new DamagedCopy("k", "near", 7, "not right")), ledger.damagedCopies());
  }

  @Test
  void aLateCopyIsPassedOver() {
    MemoryStore slow = new MemoryStore("slow");
    List<CompletableFuture<List<ByteBuffer>>> pending = new ArrayList<>();
    BlobStore never =
        (BlobStore)
            Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("read")) {
                    pending.add(new CompletableFuture<>());
                    return pending.get(pending.size() - 1);
                  }
                  return method.invoke(slow, arguments);
                });
    put(slow, "k", "right");
    put(far, "k", "right");
    AtomicLong nanoseconds = new AtomicLong();
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return nanoseconds.getAndAdd(1_000_000_000);
          }
        };
    ReplicaReader hasty =
        new ReplicaReader(
            ImmutableList.of(never, far),
            ReadContext.ANYWHERE,
            ledger,
            ticker,
            Duration.ofMillis(10));
    List<ByteRange> whole = List.of(new ByteRange(0, 5));
    assertEquals("right", hasty.read("k", whole, ReplicaReaderTest::check));
    assertTrue(pending.get(0).isCancelled(), "nobody waits for it any more");
    assertEquals(List.of(), ledger.damagedCopies(), "late is not damaged");
    assertEquals(1.0, ledger.entries().get(1).seconds(), 1e-9, "of the injected clock");
    far.delete("k");
    String message = assertThrows(DataException.class, () -> hasty.read("k", whole)).getMessage();
    assertTrue(message.contains("slow: k in region slow: no answer within 5 ms"), message);
  }

  @Test
  void aRegionThatVanishedIsSaidToBeGone() {
    put(near, "k", "right");
    near.vanish();
    String message = assertThrows(DataException.class, () -> read("k", 5)).getMessage();
    assertTrue(message.contains("near: memory is not there"), message);
    put(far, "k", "right");
    assertEquals("right", read("k", 5));
  }

  @Test
  void aWholeBlobFallsBackToo() {
    put(near, "k", "wrong, and too long");
    put(far, "k", "right");
    assertEquals(Optional.of("right"), whole("k", 10), "too large");
    assertEquals(Optional.of("right"), whole("k", 100), "refused by the check");
    assertEquals("near", ledger.damagedCopies().get(0).region());
    assertEquals(Optional.empty(), whole("none", 10));
    far.delete("k");
    DataException error = assertThrows(DataException.class, () -> whole("k", 100));
    assertTrue(error.getMessage().contains("near: 'wrong, and too long'"), error.getMessage());
    assertTrue(error.getMessage().contains("far: missing"), error.getMessage());
  }

  @Test
  void aBlobIsBroughtIntoAFileFromTheRegionWithThisHash() throws IOException {
    put(near, "k", "wrong");
    put(far, "k", "right");
    String sha256 = Hashing.sha256().hashString("right", UTF_8).toString();
    Path file = near.scratch().resolve("file");
    assertEquals(5, reader.readTo("k", sha256, file));
    assertEquals("right", Files.readString(file));
    assertEquals("near", ledger.damagedCopies().get(0).region());
    far.delete("k");
    DataException error = assertThrows(DataException.class, () -> reader.readTo("k", sha256, file));
    assertTrue(error.getMessage().contains("need " + sha256), error.getMessage());
  }

  @Test
  void namesAreListedFromAllRegions() {
    put(near, "a/1", "x");
    put(far, "a/2", "x");
    put(far, "b/3", "x");
    assertEquals(List.of("a/1", "a/2"), reader.list("a/"));
  }

  private Optional<String> whole(String key, int max) {
    return reader.readWhole(
        key,
        max,
        bytes -> {
          String text = new String(bytes, UTF_8);
          if (!text.equals("right")) {
            throw DataException.of("'%s' is not right", text);
          }
          return text;
        });
  }

  @Test
  void rangesComeInTheOrderInWhichTheyWereAskedFor() {
    put(near, "k", "0123456789");
    List<ByteRange> ranges =
        List.of(new ByteRange(7, 2), new ByteRange(2, 0), new ByteRange(0, 3), new ByteRange(2, 2));
    List<String> read = new ArrayList<>();
    reader.read("k", ranges).forEach(bytes -> read.add(UTF_8.decode(bytes.duplicate()).toString()));
    assertEquals(List.of("78", "", "012", "23"), read);
  }

  @Test
  void theLedgerCountsEveryByteAndRequest() {
    put(near, "k", "wrong");
    put(far, "k", "right");
    assertEquals("right", read("k", 5)); // near in vain, then far
    reader.read("k", List.of(new ByteRange(3, 2), new ByteRange(0, 1))); // near is avoided
    put(near, "small", "abc");
    // Ranges that touch are one request, and no byte comes twice.
    reader.read("small", List.of(new ByteRange(0, 3), new ByteRange(2, 0), new ByteRange(1, 1)));
    List<Entry> entries = ledger.entries();
    assertEquals(List.of("far", "near"), entries.stream().map(Entry::region).toList());
    assertEquals(5 + 3, entries.get(0).bytes());
    assertEquals(1 + 2, entries.get(0).requests());
    assertEquals(5 + 3, entries.get(1).bytes());
    assertEquals(1 + 1, entries.get(1).requests());
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
      throw new DamagedBlobException("k", 7, "not right");
    }
    return text;
  }

  private static void put(MemoryStore store, String key, String text) {
    assertTrue(store.putIfAbsent(key, text.getBytes(UTF_8)));
  }
}
