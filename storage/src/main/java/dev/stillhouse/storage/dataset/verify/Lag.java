package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds which replicas lack the newest versions. A replica gets a version's manifest last, and
 * versions in their order. So what is newer than its newest has not come yet, and is not lost.
 *
 * @param newest number of the newest version of each region but home, 0 where there is none
 */
record Lag(Map<String, Long> newest) {
  private static final Logger LOG = LoggerFactory.getLogger(Lag.class);

  /** Asks all of these regions. A region that cannot be asked counts as complete. */
  static Lag of(List<BlobStore> regions) {
    Map<String, Long> newest = new TreeMap<>();
    for (BlobStore region : regions) {
      if (region.region().equals(BlobStores.HOME)) {
        continue;
      }
      try {
        long version =
            region.list(BlobKind.MANIFEST.folder()).stream()
                .flatMapToLong(key -> ManifestLog.number(key).stream())
                .max()
                .orElse(0); // It is known before it has its first.
        newest.put(region.region(), version);
      } catch (DataException e) {
        LOG.debug("told as the damage of its parts", e);
      }
    }
    return new Lag(newest);
  }

  /** Returns the regions that lack a version. */
  Set<String> behind(long version) {
    Set<String> behind = new HashSet<>(newest.keySet());
    behind.removeIf(region -> newest.getOrDefault(region, version) >= version);
    return behind;
  }
}
