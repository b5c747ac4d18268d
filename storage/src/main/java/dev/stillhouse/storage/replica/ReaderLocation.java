package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Pricing;
import dev.stillhouse.storage.topology.Topology;

/**
 * The region that a reader is in, and the topology around it.
 *
 * @param topology regions and the links between them
 * @param region the reader's
 * @param home region of the topology that a dataset's home is in; "" if the dataset says it
 * @param real whether the distances are real: then measured reads correct the topology's figures
 */
@PublicApi
public record ReaderLocation(Topology topology, String region, String home, boolean real)
    implements Pricing {
  /** Region of home if neither a person nor the dataset names one. */
  public static final String DEFAULT_HOME = "iad";

  /**
   * Returns the same location with the home that a dataset names, unless an option named another.
   *
   * @param homeRegion region of home in the dataset's replica list; "" if unknown
   */
  public ReaderLocation homeIn(String homeRegion) {
    return home.isEmpty()
        ? new ReaderLocation(
            topology, region, homeRegion.isEmpty() ? DEFAULT_HOME : homeRegion, real)
        : this;
  }

  Replica route(BlobStore store, CostPolicy policy, int inFlight) {
    return new Replica(store, link(store), policy, inFlight, real);
  }

  /**
   * Returns the link to a store. The store of home is known by the region of home. A replica in no
   * region of the topology gets the worst link from here, so it is read last.
   */
  public Link link(BlobStore store) {
    String name = named(store.region());
    return store.region().equals(BlobStores.HOME) || topology.regions().contains(name)
        ? topology.link(region, name)
        : topology.worst(region, name);
  }

  @Override
  public double dollars(String store, long requests, long bytes, long puts) {
    return topology
        .known(region, named(store))
        .map(
            link ->
                link.dollars((double) requests, (double) bytes) + puts * topology.dollarsPerPut())
        .orElse(0.0);
  }

  private String named(String store) {
    return store.equals(BlobStores.HOME) ? home : store;
  }
}
