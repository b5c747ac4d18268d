package dev.stillhouse.storage.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final ReadContext TOKYO =
      new ReadContext(
          Optional.of(new ReaderLocation(Topology.bundled(), "nrt", "iad", false)),
          CostPolicy.TIME,
          Link.IN_FLIGHT,
          Optional.empty());

  @Test
  void askingForAReaderChangesNoPrices() {
    BlobStore home = BlobStores.open("memory:replicas-test");
    assertTrue(home.putIfAbsent("blob", new byte[1000]));
    Ledger ledger = new Ledger();
    try (Replicas replicas = new Replicas(ReplicaList.none(), ImmutableList.of(home), ledger)) {
      assertEquals(
          1000,
          new ReplicaReader(replicas.stores(), ledger)
              .readWhole("blob", 1000)
              .orElseThrow()
              .length);
      ReplicaReader unused = replicas.reader(TOKYO);
      assertEquals(0, ledger.sum().dollars());
      replicas.priceFrom(TOKYO);
      assertTrue(ledger.sum().dollars() > 0, ledger.toString());
    }
  }
}
