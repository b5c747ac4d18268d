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
 * @param policy weighs time against dollars, if there are several to copy from
 * @param megabytesPerSecond max rate of reading, over all threads of a process; infinite without a
 *     limit
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

  /** Returns the default: the bundled topology, as soon as possible and without a limit. */
  public static Transfer freely() {
    return new Transfer(Topology.bundled(), CostPolicy.TIME, Double.POSITIVE_INFINITY);
  }

  /**
   * Returns the region of home, if the topology has it; "" stays.
   *
   * @throws dev.stillhouse.storage.UsageException if the topology does not have it
   */
  public String checkedHome(String home) {
    if (!home.isEmpty() && !topology.regions().contains(home)) {
      throw UsageException.of(
          "--home %s: the topology has no such region; its regions: %s", home, topology.regions());
    }
    return home;
  }

  /** Returns a location, if the topology has home's region and this one. */
  public Optional<ReaderLocation> place(String region, String home) {
    boolean known = topology.regions().contains(region) && topology.regions().contains(home);
    return known
        ? Optional.of(new ReaderLocation(topology, region, home, false))
        : Optional.empty();
  }

  /**
   * Returns the context of reads for a copy into a region: its own location and links. If the
   * topology does not have all regions, home is read first, then the others in their order.
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

  /** Returns a store whose reads share the job's pace. */
  public BlobStore paced(JobContext context, BlobStore store) {
    return megabytesPerSecond == Double.POSITIVE_INFINITY
        ? store
        : new PacedStore(store, context.pace(megabytesPerSecond * MEGA));
  }
}
