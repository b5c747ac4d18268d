package dev.stillhouse.storage.manifest;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ListedBlob;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * The blobs in the regions of a dataset.
 *
 * @param reached blobs by region
 * @param unreachable why a region cannot be asked, by region
 */
public record Listings(Map<String, List<ListedBlob>> reached, Map<String, String> unreachable) {
  /**
   * Lists all regions; the first is home.
   *
   * @throws DataException if home cannot be asked, because only home knows all versions
   */
  public static Listings of(ImmutableList<BlobStore> regions) {
    Map<String, List<ListedBlob>> reached = new LinkedHashMap<>();
    Map<String, String> unreachable = new LinkedHashMap<>();
    for (BlobStore region : regions) {
      try {
        Optional<String> absence = region.unavailableReason();
        if (absence.isPresent()) {
          unreachable.put(region.region(), absence.get());
        } else {
          reached.put(region.region(), region.blobs(""));
        }
      } catch (DataException e) {
        unreachable.put(region.region(), e.getMessage());
      }
    }
    String home = regions.get(0).region();
    if (unreachable.containsKey(home)) {
      throw DataException.of(
          "region %s: %s; only home knows which versions there are, so nothing was removed anywhere",
          home, unreachable.get(home));
    }
    return new Listings(reached, unreachable);
  }

  /** Returns those regions that could be asked. */
  public ImmutableList<BlobStore> among(List<BlobStore> regions) {
    return regions.stream()
        .filter(region -> reached.containsKey(region.region()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns when the first copy of each key was written. */
  public Map<String, Instant> first(Predicate<String> keys) {
    return written(keys, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** Returns when the last copy of each key was written. */
  public Map<String, Instant> last(Predicate<String> keys) {
    return written(keys, (a, b) -> a.isBefore(b) ? b : a);
  }

  private Map<String, Instant> written(Predicate<String> keys, BinaryOperator<Instant> choice) {
    Map<String, Instant> written = new TreeMap<>();
    reached.values().stream()
        .flatMap(Collection::stream)
        .filter(blob -> keys.test(blob.key()))
        .forEach(blob -> written.merge(blob.key(), blob.written(), choice));
    return written;
  }
}
