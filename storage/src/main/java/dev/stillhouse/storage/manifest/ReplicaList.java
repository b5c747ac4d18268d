package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One immutable version of the list of a dataset's replicas, in order of preference. It is no part
 * of the dataset's digest: where copies lie says nothing about content.
 *
 * @param format grammar of this file
 * @param version number of this version, from 1
 * @param regions all replicas but home
 * @param home the region of a topology that home is in; "" if unknown, as in lists of earlier
 *     releases
 */
public record ReplicaList(
    String format,
    long version,
    List<ReplicaRecord> regions,
    @JsonProperty("home") @JsonInclude(JsonInclude.Include.NON_EMPTY) @IfAbsent(IfAbsent.EMPTY_TEXT)
        String home) {
  static final String FORMAT = "stillhouse-regions-1";

  private static final int MAX_REGIONS = 64;

  public ReplicaList {
    regions = List.copyOf(regions);
  }

  /** Returns the list before there is any version. */
  public static ReplicaList none() {
    return new ReplicaList(FORMAT, 0, List.of(), "");
  }

  /** Returns the next version, with one more replica. */
  public ReplicaList plus(ReplicaRecord region) {
    List<ReplicaRecord> more = new ArrayList<>(regions);
    more.add(region);
    return new ReplicaList(FORMAT, version + 1, more, home).checked("the list of regions");
  }

  /** Returns the next version, without a replica. */
  public ReplicaList without(String region) {
    ReplicaRecord gone = named(region);
    List<ReplicaRecord> left = regions.stream().filter(there -> !there.equals(gone)).toList();
    return new ReplicaList(FORMAT, version + 1, left, home);
  }

  /** Returns the next version, with another name for a replica. */
  ReplicaList renamed(String region, String name) {
    ReplicaRecord old = named(region);
    List<ReplicaRecord> all =
        regions.stream()
            .map(there -> there.equals(old) ? new ReplicaRecord(name, old.store()) : there)
            .toList();
    return new ReplicaList(FORMAT, version + 1, all, home).checked("the list of regions");
  }

  private ReplicaRecord named(String region) {
    return regions.stream()
        .filter(there -> there.name().equals(region))
        .findFirst()
        .orElseThrow(
            () ->
                DataException.of(
                    "there is no region %s; the dataset's regions: %s",
                    region, regions.stream().map(ReplicaRecord::name).toList()));
  }

  /** Returns the next version, with home in this region of a topology. */
  ReplicaList at(String region) {
    return new ReplicaList(FORMAT, version + 1, regions, region).checked("the list of regions");
  }

  /** Reads and checks a list. */
  public static ReplicaList parse(String blob, byte[] json) {
    return Json.record(blob, json, ReplicaList.class).checked(blob);
  }

  private ReplicaList checked(String blob) {
    if (!format.equals(FORMAT)) {
      throw DataException.of("%s: format '%s'; this release reads '%s'", blob, format, FORMAT);
    }
    if (!home.isEmpty() && !ReplicaRecord.safe(home)) {
      throw DataException.of(
          "%s: home '%s': need 1 to 64 letters, digits, '.', '-' and '_', no '.' or '-' first",
          blob, home);
    }
    if (regions.size() > MAX_REGIONS) {
      throw DataException.of("%s: %d regions, the limit is %d", blob, regions.size(), MAX_REGIONS);
    }
    Set<String> names = new HashSet<>();
    Set<String> stores = new HashSet<>();
    for (ReplicaRecord region : regions) {
      if (!names.add(region.name()) || !stores.add(region.store())) {
        throw DataException.of(
            "%s: region %s at %s is there twice, by name or by place",
            blob, region.name(), region.store());
      }
    }
    return this;
  }
}
