package dev.stillhouse.storage.dataset;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import dev.stillhouse.storage.region.Standpoint;
import dev.stillhouse.storage.region.cache.CacheDirectory;
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
  static Replicas open(String name, Optional<CacheDirectory> cache, Ledger ledger) {
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

  /** A reader that stands where {@code standpoint} says; what it costs is priced from there. */
  public ReplicaReader reader(Standpoint standpoint) {
    Standpoint there = standpoint.homeIn(list.home());
    there.place().ifPresent(ledger::pricedFrom);
    return new ReplicaReader(stores, there, ledger);
  }

  @Override
  public void close() {
    stores.forEach(RegionStore::close);
  }
}
