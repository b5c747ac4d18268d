package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import dev.stillhouse.storage.store.BlobStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the replicas of a dataset: by home's list, or by the reader's cached copy of it, with a
 * warning, if home cannot be reached.
 */
final class KnownReplicas {
  private static final Logger LOG = LoggerFactory.getLogger(KnownReplicas.class);

  private KnownReplicas() {}

  /**
   * Returns the replicas besides home.
   *
   * @param name of the dataset, as the reader wrote it
   * @param cache the reader's, if it keeps anything beyond this process
   * @throws DataException if home cannot be read and no list is cached
   */
  static ReplicaList of(
      String name, BlobStore home, Optional<CacheDirectory> cache, Ledger ledger) {
    Optional<ReplicaList> known = cache.flatMap(kept -> kept(name, kept));
    ReplicaList list;
    try {
      list = new ReplicaLog(home, ledger).latest();
    } catch (DataException e) {
      return known.map(last -> message(name, last, e.getMessage())).orElseThrow(() -> e);
    }
    if (list.version() == 0) {
      Optional<String> absence = known.isEmpty() ? Optional.empty() : home.unavailableReason();
      return absence.map(why -> message(name, known.orElseThrow(), why)).orElse(list);
    }
    if (!known.equals(Optional.of(list))) {
      cache.ifPresent(kept -> kept.remember(name, Json.record(list)));
    }
    return list;
  }

  private static ReplicaList message(String name, ReplicaList last, String why) {
    LOG.warn(
        "home of {} could not be reached ({}); its other regions are those that it had when it was"
            + " last read with this cache",
        name,
        why);
    return last;
  }

  private static Optional<ReplicaList> kept(String name, CacheDirectory cache) {
    try {
      return cache.remembered(name).map(json -> ReplicaList.parse("the cache's list", json));
    } catch (DataException e) {
      LOG.warn("{} in the cache is not as it was written ({})", name, e.getMessage());
      return Optional.empty();
    }
  }
}
