package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.PacedStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.io.Serializable;
import java.util.Optional;

/**
 * How blobs travel between regions.
 *
 * @param topology distances and prices
 * @param policy what is rather spent, where there are several to copy from
 * @param megabytesPerSecond the most that is read, over all threads of a process; infinite without
 *     a limit
 */
public record Transfer(Topology topology, CostPolicy policy, double megabytesPerSecond)
    implements Serializable {
  private static final double MEGA = 1e6;
  private static final double MIN = 1e-3;

  public Transfer {
    if (!(megabytesPerSecond >= MIN)) {
      throw UsageException.of("%s megabytes a second: need %s or more", megabytesPerSecond, MIN);
    }
  }

  /** By the bundled topology, as soon as possible and as fast as it goes. */
  public static Transfer freely() {
    return new Transfer(Topology.bundled(), CostPolicy.TIME, Double.POSITIVE_INFINITY);
  }

  /** The region of the topology that home is said to be in, checked; "" stays. */
  public String checkedHome(String home) {
    if (!home.isEmpty() && !topology.regions().contains(home)) {
      throw UsageException.of(
          "--home %s: the topology has no such region; its regions: %s", home, topology.regions());
    }
    return home;
  }

  /** A place of the topology, where it knows home and that region. */
  public Optional<ReaderLocation> place(String region, String home) {
    boolean known = topology.regions().contains(region) && topology.regions().contains(home);
    return known
        ? Optional.of(new ReaderLocation(topology, region, home, false))
        : Optional.empty();
  }

  /**
   * Where copies into a region are read from: its own place, by its links to the others. Where the
   * topology does not know them all, home is asked first, then the others in their order.
   */
  public ReadContext into(String region, ReplicaList list) {
    boolean all =
        list.regions().stream()
            .map(ReplicaRecord::name)
            .filter(name -> !name.equals(region))
            .allMatch(name -> topology.known(region, name).isPresent());
    return all && topology.known(region, list.home()).isPresent()
        ? new ReadContext(place(region, list.home()), policy, Link.IN_FLIGHT, Optional.empty())
        : ReadContext.ANYWHERE;
  }

  /** A store that is read no faster than all reads of a job may be together. */
  public BlobStore paced(JobContext context, BlobStore store) {
    return megabytesPerSecond == Double.POSITIVE_INFINITY
        ? store
        : new PacedStore(store, context.pace(megabytesPerSecond * MEGA));
  }
}
