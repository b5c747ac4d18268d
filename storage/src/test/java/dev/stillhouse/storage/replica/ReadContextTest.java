package dev.stillhouse.storage.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.LinkMeter;
import dev.stillhouse.storage.topology.ReadPlan;
import dev.stillhouse.storage.topology.Topology;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A reader that knows where it stands, and one that keeps what it fetched. */
class ReadContextTest {
  private static final List<ByteRange> TWO = List.of(new ByteRange(0, 4), new ByteRange(6, 4));
  private static final Topology TOPOLOGY = Topology.bundled();

  private final Ledger ledger = new Ledger();
  private final BlobStore iad = new MemoryStore("home");
  private final BlobStore fra = new MemoryStore("fra");
  private final BlobStore lon = new MemoryStore("lon");

  private ReplicaReader reader(String from, CostPolicy policy, long cacheBytes) {
    ReaderLocation place = new ReaderLocation(TOPOLOGY, from, "iad", false);
    Optional<RangeCache> cache =
        cacheBytes == 0
            ? Optional.empty()
            : Optional.of(new RangeCache(cacheBytes, Optional.empty()));
    ReadContext context = new ReadContext(Optional.of(place), policy, 16, cache);
    return new ReplicaReader(List.of(iad, fra, lon), context, ledger);
  }

  private void put(String text) {
    for (BlobStore store : List.of(iad, fra, lon)) {
      assertTrue(store.putIfAbsent("k", text.getBytes(UTF_8)));
    }
  }

  private List<String> asked() {
    return ledger.entries().stream().map(Ledger.Entry::region).toList();
  }

  @Test
  void timeTakesTheNearest() {
    put("0123456789");
    reader("nrt", CostPolicy.TIME, 0).read("k", TWO);
    assertEquals(List.of("home"), asked(), "164 ms to iad, 233 to fra, 244 to lon");
  }

  @Test
  void moneyTakesTheRegionItself() {
    put("0123456789");
    reader("fra", CostPolicy.DOLLARS, 0).read("k", TWO);
    assertEquals(List.of("fra"), asked());
    Ledger.Entry entry = ledger.entries().get(0);
    assertEquals(4e-7, entry.dollars(), 1e-12, "one request, and bytes are free");
  }

  @Test
  void aNearCopyThatIsMissingIsReadFromTheNextNearest() {
    assertTrue(iad.putIfAbsent("k", "0123456789".getBytes(UTF_8)));
    assertTrue(lon.putIfAbsent("k", "0123456789".getBytes(UTF_8)));
    reader("fra", CostPolicy.TIME, 0).read("k", TWO);
    assertEquals(List.of("fra", "lon"), asked());
  }

  @Test
  void theLedgerTellsDollarsToTheByte() {
    put("0123456789");
    reader("nrt", CostPolicy.TIME, 0).read("k", List.of(new ByteRange(0, 10)));
    assertEquals(4e-7 + 10 * 0.02e-9, ledger.entries().get(0).dollars(), 1e-15);
  }

  @Test
  void whatIsCachedIsNotAskedForAgain() {
    put("0123456789");
    ReplicaReader reader = reader("nrt", CostPolicy.DOLLARS, 100);
    reader.read("k", TWO); // money reads through the gap of two bytes
    reader.read("k", List.of(new ByteRange(0, 10)));
    assertEquals(1, ledger.entries().get(0).requests());
    assertEquals(10, ledger.entries().get(0).bytes());
  }

  @Test
  void aDamagedCopyIsNoneInTheCache() {
    assertTrue(iad.putIfAbsent("k", "0123456780".getBytes(UTF_8)));
    assertTrue(fra.putIfAbsent("k", "0123456789".getBytes(UTF_8)));
    ReplicaReader reader = reader("nrt", CostPolicy.TIME, 100);
    for (int i = 0; i < 3; i++) {
      byte[] read = reader.read("k", List.of(new ByteRange(0, 10)), ReadContextTest::checked);
      assertArrayEquals("0123456789".getBytes(UTF_8), read);
    }
    assertEquals(List.of("fra", "home"), asked());
    assertTrue(ledger.entries().stream().allMatch(entry -> entry.requests() == 1));
    assertEquals("home", ledger.damagedCopies().get(0).region());
  }

  private static byte[] checked(List<ByteBuffer> bytes) {
    byte[] read = new byte[bytes.get(0).remaining()];
    bytes.get(0).duplicate().get(read);
    if (read[9] != '9') {
      throw new DamagedBlobException("k", 9, "the last digit is " + (char) read[9]);
    }
    return read;
  }

  @Test
  void aLinkIsCorrectedByWhatItTakes() {
    Link link = TOPOLOGY.link("nrt", "fra");
    LinkMeter meter = new LinkMeter(link, () -> 0);
    ReadPlan small = ReadPlan.touching(List.of(new ByteRange(0, 1000)));
    ReadPlan large = ReadPlan.touching(List.of(new ByteRange(0, 500_000_000)));
    for (int i = 0; i < 60; i++) {
      meter.observe(small, 16, 2 * small.seconds(link, 16));
      meter.observe(large, 16, 3 * large.seconds(link, 16));
    }
    double wait = meter.link().roundTripSeconds() / link.roundTripSeconds();
    assertEquals(2, wait, 0.05);
    assertEquals(3, link.bytesPerSecond() / meter.link().bytesPerSecond(), 0.05);
  }
}
