package dev.stillhouse.storage.dataset;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
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
public record Replicas(ReplicaList list, ImmutableList<BlobStore> stores, Ledger ledger)
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
    List<BlobStore> opened = new ArrayList<>();
    try {
      BlobStore home = BlobStores.open(name);
      opened.add(home);
      ReplicaList list = KnownReplicas.of(name, home, cache, ledger);
      for (ReplicaRecord region : list.regions()) {
        opened.add(BlobStores.open(region.store(), region.name()));
      }
      return new Replicas(list, ImmutableList.copyOf(opened), ledger);
    } catch (RuntimeException | Error e) {
      opened.forEach(BlobStore::close);
      throw e;
    }
  }

  /** The region in which the dataset is committed. */
  public BlobStore home() {
    return stores.get(0);
  }

  /** Returns a reader that stands where a standpoint says. It changes no prices of the ledger. */
  public ReplicaReader reader(ReadContext context) {
    return new ReplicaReader(stores, context.homeIn(list.home()), ledger);
  }

  /** Prices what was booked and what will be from where a standpoint says, if it says a place. */
  void priceFrom(ReadContext context) {
    context.homeIn(list.home()).place().ifPresent(ledger::pricedFrom);
  }

  @Override
  public void close() {
    stores.forEach(BlobStore::close);
  }
}
