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
 * The opened replicas of a dataset: home, then in the order of its list. There need be no version
 * yet.
 *
 * @param list home's list of replicas
 * @param stores of all replicas, home first
 * @param ledger books what reading them costs
 */
public record Replicas(ReplicaList list, ImmutableList<BlobStore> stores, Ledger ledger)
    implements AutoCloseable {

  /** Opens all replicas of the dataset with this path or URI. */
  public static Replicas open(String name, Ledger ledger) {
    return open(name, Optional.empty(), ledger);
  }

  /**
   * Opens all replicas of the dataset with this path or URI.
   *
   * @param cache of the reader; it keeps a copy of the list for when home cannot be reached
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

  /** Returns the store of the region in which the dataset is committed. */
  public BlobStore home() {
    return stores.get(0);
  }

  /** Returns a reader at this location. The prices of the ledger do not change. */
  public ReplicaReader reader(ReadContext context) {
    return new ReplicaReader(stores, context.homeIn(list.home()), ledger);
  }

  /** Prices all bookings, past and future, from the reader's location, if that is known. */
  void priceFrom(ReadContext context) {
    context.homeIn(list.home()).place().ifPresent(ledger::pricedFrom);
  }

  @Override
  public void close() {
    stores.forEach(BlobStore::close);
  }
}
