package dev.stillhouse.storage.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.manifest.RegionList;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Policy;
import dev.stillhouse.storage.store.RegionStore;
import dev.stillhouse.storage.store.Regions;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.replica.Standpoint;
import dev.stillhouse.storage.topology.Topology;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final Standpoint TOKYO =
      new Standpoint(
          Optional.of(new Standpoint.Place(Topology.bundled(), "nrt", "iad", false)),
          Policy.TIME,
          Link.IN_FLIGHT,
          Optional.empty());

  @Test
  void askingForAReaderChangesNoPrices() {
    RegionStore home = Regions.open("memory:replicas-test");
    assertTrue(home.putNew("blob", new byte[1000]));
    Ledger ledger = new Ledger();
    try (Replicas replicas = new Replicas(RegionList.none(), ImmutableList.of(home), ledger)) {
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
