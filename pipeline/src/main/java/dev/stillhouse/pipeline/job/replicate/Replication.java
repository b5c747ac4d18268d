package dev.stillhouse.pipeline.job.replicate;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replicates a dataset while it is extracted. A version's blobs are durable in the requested number
 * of regions before it is committed, in their order; a region that fails is passed over for the
 * next. The others get it afterwards, and all get the manifest last: no region has a version that
 * home does not have.
 */
public final class Replication {
  private static final String OPTION = "--replicate-to";

  private final Placement placement;
  private final List<String> beam;
  private final JobOutput output;
  private final ManifestLog log;
  private final JobListener listener;
  private final ReplicaLog known;
  private final List<ReplicaRecord> regions;
  private final Map<String, ReplicaCopy.Copied> durable = new LinkedHashMap<>();
  private final Map<String, String> failed = new LinkedHashMap<>();

  /**
   * Finds the regions; refuses places where no replica may lie.
   *
   * @param beam options for Beam and its runner
   */
  public Replication(
      Placement placement,
      List<String> beam,
      JobOutput output,
      ManifestLog log,
      JobListener listener) {
    this.placement = placement;
    this.beam = List.copyOf(beam);
    this.output = output;
    this.log = log;
    this.listener = listener;
    this.known = new ReplicaLog(output.home(), output.ledger());
    ReplicaList list = known.latest();
    String told = placement.home();
    String home = told.isEmpty() ? list.home() : told;
    placement.transfer().place(home, home).ifPresent(output.ledger()::pricedFrom);
    this.regions = regions(list);
    regions.forEach(this::checkContent);
  }

  private List<ReplicaRecord> regions(ReplicaList list) {
    List<ReplicaRecord> all = new ArrayList<>();
    ReplicaList growing = list;
    for (Map.Entry<String, String> asked : placement.regions().entrySet()) {
      String name = asked.getKey();
      ReplicaRecord region =
          asked.getValue().isEmpty()
              ? named(list, name)
              : PlacedCopy.check(
                  OPTION, new PlacedCopy.Asked(name, asked.getValue()), output.store(), growing);
      if (!growing.regions().contains(region)) {
        growing = growing.plus(region);
      }
      all.add(region);
    }
    return all;
  }

  private ReplicaRecord named(ReplicaList list, String name) {
    return list.regions().stream()
        .filter(region -> region.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UsageException.of(
                    "%s %s: %s knows no region of this name (its regions: %s); say where it is:"
                        + " %s %s=DATASET",
                    OPTION,
                    name,
                    output.store(),
                    list.regions().stream().map(ReplicaRecord::name).toList(),
                    OPTION,
                    name));
  }

  /**
   * Checks a region before any work is done. A region that is unavailable now may be back when it
   * is needed.
   */
  private void checkContent(ReplicaRecord region) {
    try (ReplicaCopy copy = open(region)) {
      copy.target().list(BlobKind.MANIFEST.folder());
    } catch (DataException e) {
      return;
    }
    try (ReplicaCopy copy = open(region)) {
      PlacedCopy.checkContent(OPTION, copy.target(), region.store(), log);
    }
  }

  private ReplicaCopy open(ReplicaRecord region) {
    return new ReplicaCopy(
        output.store(), region, placement.transfer(), output.context(), beam, listener);
  }

  /** Copies a version into the requested number of regions before it is committed. */
  public void durable(Manifest ready) {
    log.prepare(ready);
    bringEnough(ready);
    if (durable.size() < placement.copies()) {
      throw tooFew(ready, "is not committed");
    }
  }

  private void bringEnough(Manifest version) {
    String home = placement.home();
    if (!home.isEmpty()) {
      known.home(home);
    }
    for (ReplicaRecord region : regions) {
      if (durable.size() >= placement.copies()) {
        return;
      }
      bring(region, version);
    }
  }

  /**
   * Copies a committed version into the other regions too.
   *
   * @return the result for each region
   */
  public List<PlacedReplica> complete(Manifest committed) {
    if (durable.isEmpty()) {
      bringEnough(committed); // It was there already, or no copy was asked for.
    }
    regions.stream()
        .filter(region -> !durable.containsKey(region.name()) && !failed.containsKey(region.name()))
        .forEach(region -> bring(region, committed));
    regions.stream().filter(region -> durable.containsKey(region.name())).forEach(this::manifests);
    if (durable.size() < placement.copies()) {
      throw tooFew(committed, "is committed, in home");
    }
    return regions.stream().map(this::placed).toList();
  }

  private PlacedReplica placed(ReplicaRecord region) {
    ReplicaCopy.Copied copied = durable.getOrDefault(region.name(), ReplicaCopy.Copied.NOTHING);
    String reason = failed.getOrDefault(region.name(), "");
    return new PlacedReplica(
        region.name(), region.store(), reason.isEmpty(), copied.blobs(), copied.bytes(), reason);
  }

  private void bring(ReplicaRecord region, Manifest version) {
    try (ReplicaCopy copy = open(region)) {
      PlacedCopy.checkContent(OPTION, copy.target(), region.store(), log);
      List<String> committed = log.keys();
      List<Manifest> versions = new ArrayList<>(committed.stream().map(log::read).toList());
      if (versions.stream().noneMatch(there -> there.version() == version.version())) {
        versions.add(version);
      }
      ReplicaCopy.Copied copied = copy.blobs(versions).plus(copy.manifests(log, committed));
      known.add(region);
      durable.put(region.name(), copied);
    } catch (Meter.StoppedException e) {
      throw e;
    } catch (DataException e) {
      failed.put(region.name(), e.getMessage());
    }
  }

  private void manifests(ReplicaRecord region) {
    try (ReplicaCopy copy = open(region)) {
      ReplicaCopy.Copied put = copy.manifests(log, log.keys());
      durable.merge(region.name(), put, ReplicaCopy.Copied::plus);
    } catch (DataException e) {
      durable.remove(region.name());
      failed.put(region.name(), e.getMessage());
    }
  }

  private DataException tooFew(Manifest version, String state) {
    StringBuilder told = new StringBuilder();
    failed.forEach(
        (region, why) -> told.append("\n  region ").append(region).append(": ").append(why));
    return DataException.of(
        "%s: version %d %s; %d of %d copies beside home are durable%s%n"
            + "all that is done is kept: run the same command again when these regions are back, or"
            + " with --copies %d",
        output.store(),
        version.version(),
        state,
        durable.size(),
        placement.copies(),
        told,
        durable.size());
  }
}
