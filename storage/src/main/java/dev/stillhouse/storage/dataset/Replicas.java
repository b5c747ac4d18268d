package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.manifest.RegionList;
import dev.stillhouse.storage.manifest.RegionRecord;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.RegionStore;
import dev.stillhouse.storage.store.Regions;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.replica.Standpoint;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The regions of a dataset, opened: home, then as its list says. There need be no version yet.
 *
 * @param list what home says of its regions
 * @param stores all of them, home first
 * @param ledger books what reading them costs
 */
public record Replicas(RegionList list, ImmutableList<RegionStore> stores, Ledger ledger)
    implements AutoCloseable {

  /** Opens all regions of the dataset with this path or URI. */
  public static Replicas open(String name, Ledger ledger) {
    return open(name, Optional.empty(), ledger);
  }

  /**
   * The same.
   *
   * @param cache of the reader, which knows the list too where home cannot be asked
   */
  public static Replicas open(String name, Optional<CacheDirectory> cache, Ledger ledger) {
    List<RegionStore> opened = new ArrayList<>();
    try {
      RegionStore home = Regions.open(name);
      opened.add(home);
      RegionList list = KnownRegions.of(name, home, cache, ledger);
      for (RegionRecord region : list.regions()) {
        opened.add(Regions.open(region.store(), region.name()));
      }
      return new Replicas(list, ImmutableList.copyOf(opened), ledger);
    } catch (RuntimeException | Error e) {
      opened.forEach(RegionStore::close);
      throw e;
    }
  }

  /** The region in which the dataset is committed. */
  public RegionStore home() {
    return stores.get(0);
  }

  /** Returns a reader that stands where a standpoint says. It changes no prices of the ledger. */
  public ReplicaReader reader(Standpoint standpoint) {
    return new ReplicaReader(stores, standpoint.homeIn(list.home()), ledger);
  }

  /** Prices what was booked and what will be from where a standpoint says, if it says a place. */
  void priceFrom(Standpoint standpoint) {
    standpoint.homeIn(list.home()).place().ifPresent(ledger::pricedFrom);
  }

  @Override
  public void close() {
    stores.forEach(RegionStore::close);
  }
}
