package dev.stillhouse.storage.replica;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import java.util.List;
import java.util.Optional;

/**
 * The reader's location, how it weighs costs, and its cache.
 *
 * @param place the reader's region, if known
 * @param policy weighs seconds against dollars
 * @param inFlight max requests of a read at a time, 1 or more
 * @param cache of what was fetched
 */
@PublicApi
public record ReadContext(
    Optional<ReaderLocation> place, CostPolicy policy, int inFlight, Optional<RangeCache> cache) {
  /** A reader that knows no distances and has no cache. */
  public static final ReadContext ANYWHERE =
      new ReadContext(Optional.empty(), CostPolicy.TIME, Link.IN_FLIGHT, Optional.empty());

  /**
   * Returns the same context with the home that a dataset names, unless an option named another.
   *
   * @param homeRegion region of home in the dataset's replica list; "" if unknown
   */
  public ReadContext homeIn(String homeRegion) {
    return new ReadContext(place.map(there -> there.homeIn(homeRegion)), policy, inFlight, cache);
  }

  ImmutableList<Replica> routes(List<BlobStore> stores) {
    return place
        .map(
            there ->
                stores.stream()
                    .map(store -> there.route(store, policy, inFlight))
                    .collect(ImmutableList.toImmutableList()))
        .orElseGet(() -> Replica.unknown(stores));
  }
}
