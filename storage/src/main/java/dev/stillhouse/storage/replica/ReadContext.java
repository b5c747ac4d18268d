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
 * From where and how a reader reads: what it knows of the links to the regions, what it would
 * rather spend, and what it keeps.
 *
 * @param place the region that the reader is in, if it said so
 * @param policy how seconds and dollars are weighed
 * @param inFlight requests that a read keeps under way
 * @param cache of what was fetched
 */
@PublicApi
public record ReadContext(
    Optional<ReaderLocation> place, CostPolicy policy, int inFlight, Optional<RangeCache> cache) {
  /** A reader that knows nothing of distances and keeps nothing. */
  public static final ReadContext ANYWHERE =
      new ReadContext(Optional.empty(), CostPolicy.TIME, Link.IN_FLIGHT, Optional.empty());

  /** Returns the same with the home that a dataset names, unless an option named another. */
  public ReadContext homeIn(String told) {
    return new ReadContext(place.map(there -> there.homeIn(told)), policy, inFlight, cache);
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
