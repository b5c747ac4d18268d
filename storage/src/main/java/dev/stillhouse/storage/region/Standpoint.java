package dev.stillhouse.storage.region;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.region.cache.PieceCache;
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
public record Standpoint(
    Optional<Place> place, Policy policy, int inFlight, Optional<PieceCache> cache) {
  /** A reader that knows nothing of distances and keeps nothing. */
  public static final Standpoint ANYWHERE =
      new Standpoint(Optional.empty(), Policy.TIME, Link.IN_FLIGHT, Optional.empty());

  /**
   * A region of a topology.
   *
   * @param region the reader's
   * @param home region of the topology that a dataset's home is in
   * @param real whether the distances are: then what reads take corrects what the topology says
   */
  public record Place(Topology topology, String region, String home, boolean real) {
    private Route route(RegionStore store, Policy policy, int inFlight) {
      return new Route(store, link(store), policy, inFlight, real);
    }

    /** The link to a store; the region that datasets are committed in is known by another name. */
    Link link(RegionStore store) {
      return topology.link(region, store.region().equals(Regions.HOME) ? home : store.region());
    }
  }

  ImmutableList<Route> routes(List<RegionStore> stores) {
    return place
        .map(
            there ->
                stores.stream()
                    .map(store -> there.route(store, policy, inFlight))
                    .collect(ImmutableList.toImmutableList()))
        .orElseGet(() -> Route.unknown(stores));
  }
}
