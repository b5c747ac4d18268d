package dev.stillhouse.bench.links;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.CountedRead;
import dev.stillhouse.storage.store.LateReplicaException;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.Timers.Timer;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.ReadPlan;
import dev.stillhouse.storage.topology.Topology;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Real bytes over an emulated link. */
class EmulatedStoreTest {
  private static final String KEY = "shards/a";
  private static final int LENGTH = 1_000_000;
  private static final Link LINK = new Link("here", "there", 0.1, 0.02, 1e6, 9e6, 0, 0);

  private final VirtualTime time = new VirtualTime();
  private final MemoryStore memory = new MemoryStore("there");
  private final byte[] bytes = new byte[LENGTH];

  EmulatedStoreTest() {
    new SplittableRandom(1).nextBytes(bytes);
    assertTrue(memory.putIfAbsent(KEY, bytes));
  }

  private EmulatedLink link(LinkFaults faults) {
    return new EmulatedLink(new EmulatedNetwork(time), LINK, faults);
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] all = new byte[buffer.remaining()];
    buffer.get(all);
    return all;
  }

  @Test
  void realBytesComeAtTheirVirtualTime() {
    EmulatedLink link = link(LinkFaults.NONE);
    BlobStore store = new EmulatedStore(memory, link, 1);
    List<ByteBuffer> came =
        time.get(store.read(KEY, List.of(new ByteRange(5, 100_000), new ByteRange(0, LENGTH))));
    assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 5, 100_005), copy(came.get(0)));
    assertArrayEquals(bytes, copy(came.get(1)));
    assertEquals(0.12 + 0.1 + 0.12 + 1, time.seconds(), 1e-8);
    assertEquals(2, link.crossings().requests());
    assertEquals(LENGTH + 100_000, link.crossings().bytes());
  }

  @Test
  void aCancelledReadEndsTheTransferAndKnowsWhatCrossed() {
    EmulatedLink link = link(LinkFaults.NONE);
    CompletableFuture<List<ByteBuffer>> read =
        new EmulatedStore(memory, link, 1)
            .read(KEY, List.of(new ByteRange(0, LENGTH), new ByteRange(0, LENGTH)));
    Timer unused = time.after(VirtualTime.nanos(0.12 + 0.4), () -> read.cancel(true));
    time.runUntilIdle();
    assertEquals(400_000, (double) link.crossings().bytes(), 1);
    assertEquals(link.crossings().bytes(), CountedRead.crossed(read, 2 * LENGTH));
    assertEquals(1, link.crossings().requests(), "the second is never sent");
    assertEquals(0, link.crossings().open());
    assertEquals(0.52, time.seconds(), 1e-8);
  }

  @Test
  void wrongLengthsComeAsTheyAre() {
    LinkFaults wrong = LinkFaults.seed(2).withWrongLengths(1);
    BlobStore store = new EmulatedStore(memory, link(wrong), 4);
    for (int i = 0; i < 20; i++) {
      int came = time.get(store.read(KEY, List.of(new ByteRange(0, 10)))).get(0).remaining();
      assertEquals(1, Math.abs(came - 10), "length " + came);
    }
  }

  @Test
  void errorsOfTheStoreAndOfTheLinkAreTold() {
    BlobStore store = new EmulatedStore(memory, link(LinkFaults.NONE), 4);
    assertThrows(
        MissingBlobException.class,
        () -> time.get(store.read("shards/none", List.of(new ByteRange(0, 1)))));
    assertThrows(MissingBlobException.class, () -> time.get(store.read("shards/none", List.of())));
    assertEquals(List.of(), time.get(store.read(KEY, List.of())));
    BlobStore refusing =
        new EmulatedStore(memory, link(LinkFaults.NONE.with(Spell.refused(0, 1e6))), 4);
    assertThrows(
        NotReachedException.class,
        () -> time.get(refusing.read(KEY, List.of(new ByteRange(0, 1)))));
  }

  @Test
  void otherOperationsTakeARoundTripAndBlock() {
    BlobStore store = new EmulatedStore(memory, link(LinkFaults.NONE), 4);
    assertEquals(OptionalLong.of(LENGTH), store.size(KEY));
    assertEquals(0.12, time.seconds(), 1e-8);
    assertEquals(List.of(KEY), store.list(""));
    assertTrue(store.putIfAbsent("shards/b", bytes));
    assertEquals(0.36, time.seconds(), 1e-8);
    BlobStore silent =
        new EmulatedStore(memory, link(LinkFaults.NONE.with(Spell.silent(0, 1e6))), 4);
    assertThrows(LateReplicaException.class, () -> silent.size(KEY));
    assertEquals(60.36, time.seconds(), 1e-8);
  }

  /** An epoch of 160 MB over 233 ms, 256 requests of 64 kB in flight: as its formula says. */
  @Test
  void anEpochOverAnOceanRunsInVirtualTime() {
    Link ocean = Topology.bundled().link("nrt", "fra");
    EmulatedLink link = new EmulatedLink(new EmulatedNetwork(time), ocean, LinkFaults.NONE);
    BlobStore store = new EmulatedStore(memory, link, 256);
    List<CompletableFuture<List<ByteBuffer>>> reads = new ArrayList<>();
    List<ByteRange> requests = new ArrayList<>();
    for (int i = 0; i < 2_560; i++) {
      requests.add(new ByteRange(i * 65_536L, 62_500));
      reads.add(store.read(KEY, List.of(new ByteRange(i % 15 * 62_500L, 62_500))));
    }
    for (CompletableFuture<List<ByteBuffer>> read : reads) {
      assertEquals(62_500, time.get(read).get(0).remaining());
    }
    double formula = new ReadPlan(ImmutableList.copyOf(requests)).seconds(ocean, 256);
    // The formula of a full link leaves out the wait before its first byte.
    double wait = ocean.roundTripSeconds() + ocean.firstByteSeconds();
    assertTrue(
        formula <= time.seconds() && time.seconds() <= formula + wait, time.seconds() + " s");
    assertEquals(160_000_000, link.crossings().bytes());
  }
}
