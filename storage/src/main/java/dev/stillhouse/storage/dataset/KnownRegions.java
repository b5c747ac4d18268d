package dev.stillhouse.storage.dataset;

import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.manifest.RegionList;
import dev.stillhouse.storage.manifest.RegionLog;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.RegionStore;
import dev.stillhouse.storage.replica.cache.CacheDirectory;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regions of a dataset as its reader knows them: by home's list, of which the reader's cache
 * keeps a copy; by that copy, with a word, where home cannot be reached.
 */
final class KnownRegions {
  private static final Logger LOG = LoggerFactory.getLogger(KnownRegions.class);

  private KnownRegions() {}

  /**
   * The regions besides home.
   *
   * @param name of the dataset, as its reader has it
   * @param cache the reader's, if it keeps anything beyond this process
   * @throws DataException if home cannot be asked, and nothing is known of its list
   */
  static RegionList of(
      String name, RegionStore home, Optional<CacheDirectory> cache, Ledger ledger) {
    Optional<RegionList> known = cache.flatMap(kept -> kept(name, kept));
    RegionList list;
    try {
      list = new RegionLog(home, ledger).latest();
    } catch (DataException e) {
      return known.map(last -> told(name, last, e.getMessage())).orElseThrow(() -> e);
    }
    if (list.version() == 0) {
      Optional<String> absence = known.isEmpty() ? Optional.empty() : home.absence();
      return absence.map(why -> told(name, known.orElseThrow(), why)).orElse(list);
    }
    if (!known.equals(Optional.of(list))) {
      cache.ifPresent(kept -> kept.remember(name, Json.record(list)));
    }
    return list;
  }

  private static RegionList told(String name, RegionList last, String why) {
    LOG.warn(
        "home of {} could not be reached ({}); its other regions are those that it had when it was"
            + " last read with this cache",
        name,
        why);
    return last;
  }

  private static Optional<RegionList> kept(String name, CacheDirectory cache) {
    try {
      return cache.remembered(name).map(json -> RegionList.parse("the cache's list", json));
    } catch (DataException e) {
      LOG.warn("{} in the cache is not as it was written ({})", name, e.getMessage());
      return Optional.empty();
    }
  }
}
