package dev.stillhouse.storage.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is booked has its price, whenever it is said from where. */
class LedgerPricesTest {
  private static final Topology TOPOLOGY = Topology.bundled();
  private static final ReaderLocation TOKYO = new ReaderLocation(TOPOLOGY, "nrt", "iad", false);
  private static final int BYTES = 1_000_000;

  private final Ledger ledger = new Ledger();
  private final BlobStore home = new BookedStore(new MemoryStore("home"), ledger);
  private final BlobStore elsewhere = new BookedStore(new MemoryStore("elsewhere"), ledger);

  private void work() {
    for (BlobStore store : List.of(home, elsewhere)) {
      store.putIfAbsent("blob", new byte[BYTES]);
      var unused =
          new ReplicaReader(List.of(store), ledger).read("blob", List.of(new ByteRange(0, BYTES)));
    }
  }

  private void assertPriced(double times) {
    Link link = TOPOLOGY.link("nrt", "iad");
    double once = link.dollars(1, BYTES) + 5e-6; // put_usd
    assertEquals(0, ledger.entries().get(0).dollars(), "a region that nobody knows");
    assertEquals(times * once, ledger.entries().get(1).dollars(), 1e-12);
  }

  @Test
  void beforeAndAfterItIsSaid() {
    work();
    assertEquals(0, ledger.entries().get(1).dollars());
    assertFalse(ledger.toString().contains("$"), ledger.toString());
    ledger.pricedFrom(TOKYO);
    assertPriced(1);
    assertTrue(ledger.toString().contains("from home ($0."), ledger.toString());
    ledger.book(Ledger.Entry.read("home", 1, BYTES, 0, 0, 0));
    ledger.bookWrite("home", BYTES);
    assertPriced(2);
  }

  @Test
  void aLedgerAsksAnyPricingAboutRequestsBytesAndWrites() {
    work();
    assertTrue(home.size("blob").isPresent());
    ledger.pricedFrom(
        (region, requests, bytes, puts) ->
            region.equals("home") ? requests + 10.0 * bytes + 1e9 * puts : 0);
    assertEquals(0, ledger.entries().get(0).dollars());
    assertEquals(2 + 10.0 * BYTES + 1e9, ledger.entries().get(1).dollars());
  }

  @Test
  void whatAReaderKnowsOfItsOwnLinkStays() {
    ledger.pricedFrom(new ReaderLocation(TOPOLOGY, "iad", "iad", false));
    home.putIfAbsent("blob", new byte[BYTES]);
    double put = ledger.entries().get(0).dollars();
    ReadContext far =
        new ReadContext(Optional.of(TOKYO), CostPolicy.TIME, Link.IN_FLIGHT, Optional.empty());
    var unused =
        new ReplicaReader(List.of(home), far, ledger)
            .read("blob", List.of(new ByteRange(0, BYTES)));
    double egress = BYTES * TOPOLOGY.link("nrt", "iad").dollarsPerByte();
    assertTrue(ledger.entries().get(0).dollars() - put > egress, ledger.toString());
    assertTrue(ledger.entries().get(0).dollars() - put < egress * 1.5, ledger.toString());
  }
}
