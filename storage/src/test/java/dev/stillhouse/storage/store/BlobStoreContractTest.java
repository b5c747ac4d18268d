package dev.stillhouse.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every region promises. A concrete test opens an empty store of the region "here". */
public abstract class BlobStoreContractTest {
  private static final int THREADS = 8;

  protected BlobStore store = new MemoryStore("unset");

  /** An empty store of a region named "here". */
  protected abstract BlobStore open() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void ofManyWritersOneWinsAndReadersSeeAllOrNothing() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2 * THREADS);
    try {
      for (int round = 0; round < 20; round++) {
        String key = "race/blob" + round;
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          byte[] mine = filled((byte) (i + 1), 100_000);
          tasks.add(() -> store.putIfAbsent(key, mine));
          tasks.add(() -> seesNoPart(key) && !store.list("").contains("race/none"));
        }
        int wins = 0;
        List<Future<Boolean>> results = pool.invokeAll(tasks);
        for (int i = 0; i < results.size(); i++) {
          if (i % 2 == 0) {
            wins += results.get(i).get() ? 1 : 0;
          } else {
            assertTrue(results.get(i).get(), "a partial blob was seen");
          }
        }
        assertEquals(1, wins);
        assertTrue(seesNoPart(key));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Whether the blob is missing, or whole and from one writer. */
  private boolean seesNoPart(String key) {
    OptionalLong size = store.size(key);
    if (size.isEmpty()) {
      return true;
    }
    byte[] bytes = get(key, new ByteRange(0, (int) size.getAsLong()));
    return bytes.length == 100_000
        && bytes[0] != 0
        && Arrays.equals(bytes, filled(bytes[0], 100_000));
  }

  @Test
  void neverOverwrites() throws IOException {
    assertTrue(store.putIfAbsent("a/b", bytes("first")));
    assertFalse(store.putIfAbsent("a/b", bytes("second")));
    Path file = Files.write(store.scratch().resolve("file"), bytes("third"));
    assertFalse(store.putIfAbsent("a/b", file));
    assertArrayEquals(bytes("first"), get("a/b", new ByteRange(0, 5)));
    assertTrue(store.putIfAbsent("a/c", file));
    Files.delete(file);
    assertArrayEquals(bytes("third"), get("a/c", new ByteRange(0, 5)));
  }

  @Test
  void replacesADamagedOrMissingCopy() throws IOException {
    Path file = Files.write(store.scratch().resolve("file"), bytes("right"));
    assertTrue(store.putIfAbsent("a/b", bytes("wrong")));
    store.replace("a/b", file);
    store.replace("new/place", file);
    assertArrayEquals(bytes("right"), Files.readAllBytes(file), "the caller's file stays");
    Files.write(file, bytes("other"));
    assertArrayEquals(bytes("right"), get("a/b", new ByteRange(0, 5)));
    assertArrayEquals(bytes("right"), get("new/place", new ByteRange(0, 5)));
    assertEquals(List.of("a/b", "new/place"), store.list(""));
    assertThrows(DataException.class, () -> store.replace("../x", file));
  }

  @Test
  void tellsSizes() {
    assertEquals(OptionalLong.empty(), store.size("a"));
    assertTrue(store.putIfAbsent("a", bytes("12345")));
    assertEquals(OptionalLong.of(5), store.size("a"));
  }

  @Test
  void keepsAnEmptyBlob() {
    assertTrue(store.putIfAbsent("empty", new byte[0]));
    assertFalse(store.putIfAbsent("empty", bytes("x")));
    assertEquals(OptionalLong.of(0), store.size("empty"));
    assertEquals(0, get("empty", new ByteRange(0, 0)).length);
    assertEquals(List.of("empty"), store.list(""));
  }

  @Test
  void readsRangesInTheirOrder() {
    assertTrue(store.putIfAbsent("a", bytes("0123456789")));
    List<ByteBuffer> read =
        store
            .read(
                "a",
                List.of(
                    new ByteRange(7, 3),
                    new ByteRange(0, 2),
                    new ByteRange(10, 0),
                    new ByteRange(1, 4)))
            .join();
    assertEquals(
        List.of("789", "01", "", "1234"),
        read.stream().map(buffer -> UTF_8.decode(buffer).toString()).toList());
    assertEquals(List.of(), store.read("a", List.of()).join());
  }

  @Test
  void aMissingBlobNamesRegionAndKey() {
    Throwable error = readError("no/such", new ByteRange(0, 1));
    assertInstanceOf(MissingBlobException.class, error);
    assertTrue(
        message(error).contains("no/such") && message(error).contains("here"), message(error));
  }

  @Test
  void aRangePastTheEndIsDamageAtTheLength() {
    assertTrue(store.putIfAbsent("short", bytes("123")));
    for (ByteRange range : List.of(new ByteRange(0, 4), new ByteRange(3, 1), new ByteRange(9, 0))) {
      DamagedBlobException error =
          assertInstanceOf(DamagedBlobException.class, readError("short", range));
      assertEquals("short", error.blob());
      assertEquals(3, error.offset());
      assertTrue(message(error).contains("here"), message(error));
    }
  }

  @Test
  void listsSortedBelowAPrefix() {
    for (String key : List.of("b/2", "a", "b/10", "b/c/1", "bb/1", "B/1")) {
      assertTrue(store.putIfAbsent(key, bytes(key)));
    }
    assertEquals(List.of("B/1", "a", "b/10", "b/2", "b/c/1", "bb/1"), store.list(""));
    assertEquals(List.of("b/10", "b/2", "b/c/1"), store.list("b/"));
    assertEquals(List.of(), store.list("none/"));
    assertThrows(DataException.class, () -> store.list("bb"), "a prefix ends in a slash");
  }

  /** Clocks may differ by a minute, and a store may round to seconds. */
  @Test
  void tellsLengthsAndWhenBlobsWerePut() throws IOException {
    Path file = Files.write(store.scratch().resolve("file"), bytes("1234567"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH)); // Made long ago, put now.
    assertTrue(store.putIfAbsent("a/file", file));
    assertTrue(store.putIfAbsent("a/bytes", bytes("123")));
    store.replace("b", file);
    List<ListedBlob> listed = store.blobs("");
    assertEquals(
        List.of("a/bytes 3", "a/file 7", "b 7"),
        listed.stream().map(blob -> blob.key() + " " + blob.bytes()).toList());
    for (ListedBlob blob : listed) {
      Duration age = Duration.between(blob.written(), Instant.now()).abs();
      assertTrue(age.compareTo(Duration.ofMinutes(1)) < 0, blob.toString());
    }
    assertEquals(listed.subList(0, 2), store.blobs("a/"));
    assertEquals(List.of(), store.blobs("none/"));
    assertThrows(DataException.class, () -> store.blobs("../"));
  }

  @Test
  void deletesWhatIsThere() {
    assertTrue(store.putIfAbsent("d/a", bytes("x")));
    store.delete("d/none");
    store.delete("d"); // no blob, though others are below it
    store.delete("d/a");
    store.delete("d/a");
    assertEquals(OptionalLong.empty(), store.size("d/a"));
    assertEquals(List.of(), store.list(""));
    assertTrue(store.putIfAbsent("d/a", bytes("again")));
  }

  @Test
  void anEmptyReadOfAMissingBlobIsToldToo() {
    for (List<ByteRange> ranges : List.of(List.<ByteRange>of(), List.of(new ByteRange(0, 0)))) {
      RuntimeException error =
          assertThrows(RuntimeException.class, () -> store.read("none", ranges).join());
      assertInstanceOf(MissingBlobException.class, error.getCause());
    }
    assertTrue(store.putIfAbsent("a", bytes("x")));
    store.delete("a");
    assertInstanceOf(MissingBlobException.class, readError("a", new ByteRange(0, 1)));
  }

  @Test
  void refusesToReadTooMuchAtOnce() {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    ByteRange max = new ByteRange(0, Integer.MAX_VALUE);
    DataException error = assertThrows(DataException.class, () -> store.read("a", List.of(max)));
    assertTrue(message(error).contains("1073741824"), message(error));
  }

  @Test
  void manyReadAtOnce() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    assertTrue(store.putIfAbsent("a/b", bytes));
    List<CompletableFuture<List<ByteBuffer>>> reads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      reads.add(
          store.read(
              "a/b", List.of(new ByteRange(i * 1000L, 1000 + i), new ByteRange(i, 250_000))));
    }
    for (int i = 0; i < 50; i++) {
      List<ByteBuffer> read = reads.get(i).join();
      assertEquals(ByteBuffer.wrap(bytes, i * 1000, 1000 + i), read.get(0));
      assertEquals(ByteBuffer.wrap(bytes, i, 250_000), read.get(1));
    }
  }

  @Test
  void cancelledReadsAreOverAndOthersGoOn() {
    assertTrue(store.putIfAbsent("a", new byte[1_000_000]));
    List<CompletableFuture<List<ByteBuffer>>> reads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      reads.add(store.read("a", List.of(new ByteRange(0, 1_000_000))));
    }
    reads.forEach(read -> read.cancel(true));
    assertTrue(reads.stream().allMatch(CompletableFuture::isDone));
    for (CompletableFuture<List<ByteBuffer>> read :
        reads) { // Some were faster than the cancelling.
      assertTrue(read.isCancelled() || read.join().get(0).remaining() == 1_000_000);
    }
    assertEquals(1000, get("a", new ByteRange(999_000, 1000)).length);
  }

  /** S3 lists a thousand at a time. */
  @Test
  void listsThousands() throws Exception {
    List<String> keys = new ArrayList<>();
    List<Callable<Boolean>> puts = new ArrayList<>();
    for (int i = 0; i < 1005; i++) {
      String key = "many/" + Integer.toString(i * 7919 % 1005, 36);
      keys.add(key);
      puts.add(() -> store.putIfAbsent(key, bytes("x")));
    }
    assertTrue(store.putIfAbsent("man", bytes("x")));
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<Boolean> put : pool.invokeAll(puts)) {
        assertTrue(put.get());
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(keys.stream().sorted().toList(), store.list("many/"));
    assertEquals(1006, store.list("").size());
  }

  @Test
  void takesTheLongestKeys() {
    String key = "a".repeat(200) + "/" + "b".repeat(200) + "/" + "c".repeat(110);
    assertTrue(store.putIfAbsent(key, bytes("long")));
    assertArrayEquals(bytes("long"), get(key, new ByteRange(0, 4)));
    assertEquals(List.of(key), store.list(""));
  }

  @Test
  void saysWhenNothingIsThere() {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    assertEquals(Optional.empty(), store.unavailableReason());
  }

  static List<String> hostileKeys() {
    return HostileKeys.ALL;
  }

  @ParameterizedTest
  @MethodSource("hostileKeys")
  void refusesHostileKeys(String key) throws IOException {
    Path file = Files.write(store.scratch().resolve("file"), bytes("x"));
    ByteRange none = new ByteRange(0, 0);
    assertThrows(DataException.class, () -> store.putIfAbsent(key, bytes("x")));
    assertThrows(DataException.class, () -> store.putIfAbsent(key, file));
    assertThrows(DataException.class, () -> store.size(key));
    assertInstanceOf(DataException.class, readError(key, none));
    assertThrows(DataException.class, () -> store.delete(key));
    assertThrows(DataException.class, () -> store.list(key + "/"));
    assertEquals(List.of(), store.list(""));
    DataException error = assertThrows(DataException.class, () -> store.size(key));
    assertTrue(message(error).chars().allMatch(c -> c >= ' ' && c <= '~'), message(error));
    assertTrue(message(error).length() < 300, message(error));
  }

  protected final byte[] get(String key, ByteRange range) {
    ByteBuffer buffer = store.read(key, List.of(range)).join().get(0);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** What a read fails with, at once or later. */
  protected final Throwable readError(String key, ByteRange range) {
    RuntimeException error =
        assertThrows(RuntimeException.class, () -> store.read(key, List.of(range)).join());
    return error instanceof CompletionException e && e.getCause() != null ? e.getCause() : error;
  }

  protected static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] filled(byte value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, value);
    return bytes;
  }
}
