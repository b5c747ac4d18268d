package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Pricing;
import dev.stillhouse.storage.topology.Topology;

/**
 * A region of a topology.
 *
 * @param region the reader's
 * @param home region of the topology that a dataset's home is in; "" if the dataset says it
 * @param real whether the distances are: then what reads take corrects what the topology says
 */
@PublicApi
public record ReaderLocation(Topology topology, String region, String home, boolean real)
    implements Pricing {
  /** Where home is taken to be when neither a person nor the dataset says it. */
  public static final String DEFAULT_HOME = "iad";

  /** Returns the same with the home that a dataset names, unless an option named another. */
  public ReaderLocation homeIn(String told) {
    return home.isEmpty()
        ? new ReaderLocation(topology, region, told.isEmpty() ? DEFAULT_HOME : told, real)
        : this;
  }

  Replica route(BlobStore store, CostPolicy policy, int inFlight) {
    return new Replica(store, link(store), policy, inFlight, real);
  }

  /**
   * The link to a store; the region that datasets are committed in is known by another name. A
   * replica of which the topology does not know where it is comes last: its link is taken to be as
   * bad as the worst from here.
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
