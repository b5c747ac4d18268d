package dev.stillhouse.storage.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.HostileStore;
import dev.stillhouse.storage.store.LateReplicaException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.UnreadableBlobException;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Regions that do not answer: a read ends, with another region's bytes or with every reason. */
@Timeout(20)
class ReadDeadlineTest {
  private static final List<ByteRange> ALL = List.of(new ByteRange(0, 5));
  private static final byte[] RIGHT = "right".getBytes(UTF_8);

  private final MemoryStore near = new MemoryStore("near");
  private final MemoryStore far = new MemoryStore("far");
  private final AtomicLong now = new AtomicLong();
  private final Ticker clock =
      new Ticker() {
        @Override
        public long read() {
          return now.get();
        }
      };

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  private HostileStore hostile(MemoryStore store, HostileStore.Kind kind) {
    store.putIfAbsent("k", RIGHT);
    return new HostileStore(store, kind, new byte[0]);
  }

  private ReplicaReader reader(BlobStore first, BlobStore second, int milliseconds) {
    return new ReplicaReader(
        List.of(first, second),
        ReadContext.ANYWHERE,
        new Ledger(),
        clock,
        Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @EnumSource(
      value = HostileStore.Kind.class,
      names = {"HANGS", "FAILS", "BREAKS_OFF"})
  void whereNoRegionAnswersEachIsNamedByTheDeadline(HostileStore.Kind kind) {
    ReplicaReader reader = reader(hostile(near, kind), hostile(far, kind), 20);
    UnreadableBlobException read =
        assertThrows(UnreadableBlobException.class, () -> reader.read("k", ALL));
    UnreadableBlobException whole =
        assertThrows(UnreadableBlobException.class, () -> reader.readWhole("k", 10));
    String why =
        switch (kind) {
          case HANGS -> "no answer within 10 ms";
          case FAILS -> "out of order";
          default -> "broken pipe";
        };
    for (UnreadableBlobException e : List.of(read, whole)) {
      assertEquals(ImmutableList.of("near", "far"), e.regions());
      assertTrue(e.getMessage().contains("near: ") && e.getMessage().contains("far: "), why);
      assertTrue(e.getMessage().split(why, -1).length > 2, e.getMessage());
    }
  }

  @Test
  void aLoneRegionThatHangsIsNamedToo() {
    ReplicaReader lone =
        new ReplicaReader(
            List.of(hostile(near, HostileStore.Kind.HANGS)),
            ReadContext.ANYWHERE,
            new Ledger(),
            clock,
            Duration.ofMillis(5));
    LateReplicaException e = assertThrows(LateReplicaException.class, () -> lone.read("k", ALL));
    assertEquals("k in region near: no answer within 5 ms", e.getMessage());
    assertEquals(e.getMessage(), message(() -> lone.readWhole("k", 10)));
    assertEquals(e.getMessage(), message(() -> lone.check("k", "0")));
  }

  /** Bytes are given what they take at a megabyte a second. */
  @Test
  void aLongReadIsGivenMoreTime() {
    ReplicaReader lone =
        new ReplicaReader(
            List.of(hostile(near, HostileStore.Kind.HANGS)),
            ReadContext.ANYWHERE,
            new Ledger(),
            clock,
            Duration.ofMillis(5));
    List<ByteRange> two = List.of(new ByteRange(0, 20_000), new ByteRange(50_000, 30_000));
    assertEquals("k in region near: no answer within 55 ms", message(() -> lone.read("k", two)));
  }

  /** A copy that was found damaged stays so while the other's store is busy. */
  @Test
  void onlyWhatWasBusyIsAskedAgain() {
    HostileStore flipped = hostile(near, HostileStore.Kind.FLIPPED);
    far.putIfAbsent("k", RIGHT);
    AtomicInteger asked = new AtomicInteger();
    DataException slow = new NotReachedException(NotReachedException.Why.BUSY, "slow down", null);
    byte[] read =
        reader(flipped, failing(far, 2, slow, asked), 10_000)
            .read(
                "k",
                ALL,
                bytes -> {
                  if (!bytes.get(0).equals(ByteBuffer.wrap(RIGHT))) {
                    throw new DamagedBlobException("k", 0, "is wrong");
                  }
                  return bytes.get(0).array();
                });
    assertArrayEquals(RIGHT, read);
    assertEquals(3, asked.get());
    assertEquals(1, flipped.asked());
  }

  /** One that has answered is first again, though it failed a moment ago. */
  @Test
  void aRegionThatAnswersAgainRestsNoLonger() {
    near.putIfAbsent("k", RIGHT);
    near.putIfAbsent("here-alone", RIGHT);
    far.putIfAbsent("k", RIGHT);
    AtomicInteger asked = new AtomicInteger();
    BlobStore recovering = failing(near, 1, new DataException("out of order"), asked);
    ReplicaReader reader = reader(recovering, far, 10_000);
    reader.read("k", ALL);
    reader.read("k", ALL);
    assertEquals(1, asked.get(), "it rests");
    reader.read("here-alone", ALL);
    reader.read("k", ALL);
    assertEquals(3, asked.get());
  }

  private static BlobStore failing(
      BlobStore store, int times, DataException why, AtomicInteger asked) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) ->
                method.getName().equals("read") && asked.incrementAndGet() <= times
                    ? CompletableFuture.failedFuture(why)
                    : method.invoke(store, arguments));
  }

  private static String message(Runnable reading) {
    return assertThrows(DataException.class, reading::run).getMessage();
  }

  @Test
  void aRegionThatIsDownIsAskedAgainAfterAWhile() {
    HostileStore down = hostile(near, HostileStore.Kind.FAILS);
    far.putIfAbsent("k", RIGHT);
    ReplicaReader reader = reader(down, far, 10_000);
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(RIGHT, reader.read("k", ALL).get(0).array());
      assertArrayEquals(RIGHT, reader.readWhole("k", 10).orElseThrow());
    }
    assertEquals(1, down.asked(), "others come first while it rests");
    now.addAndGet(Duration.ofSeconds(11).toNanos());
    reader.read("k", ALL);
    assertEquals(2, down.asked());
    far.delete("k");
    String message = message(() -> reader.read("k", ALL));
    assertTrue(message.contains("near: out of order"), message);
    assertEquals(3, down.asked(), "it is asked where no other serves");
  }

  /** A blob that is missing, or a copy that is damaged, says nothing of the region. */
  @Test
  void aRegionThatLacksABlobIsNotDown() {
    far.putIfAbsent("k", RIGHT);
    far.putIfAbsent("other", RIGHT);
    near.putIfAbsent("other", RIGHT);
    ReplicaReader reader = reader(near, far, 10_000);
    reader.read("k", ALL);
    reader.read("other", ALL);
    assertEquals(2, near.reads());
  }
}
