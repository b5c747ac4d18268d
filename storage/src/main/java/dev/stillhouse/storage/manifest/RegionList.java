package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.dataset.IfAbsent;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One immutable version of the list of regions that hold a dataset's replicas, in order of
 * preference. It is no part of the dataset's digest: where copies lie says nothing about content.
 *
 * @param format grammar of this file
 * @param version number of this version, from 1
 * @param regions all but home
 * @param home the region of a topology that home is in; "" where nobody said, as in lists that were
 *     written before it could be
 */
public record RegionList(
    String format,
    long version,
    List<RegionRecord> regions,
    @JsonProperty("home") @JsonInclude(JsonInclude.Include.NON_EMPTY) @IfAbsent(IfAbsent.EMPTY_TEXT)
        String home) {
  static final String FORMAT = "stillhouse-regions-1";

  private static final int MOST_REGIONS = 64;

  public RegionList {
    regions = List.copyOf(regions);
  }

  /** Before there is any version. */
  public static RegionList none() {
    return new RegionList(FORMAT, 0, List.of(), "");
  }

  /** The next version, with one region more. */
  public RegionList plus(RegionRecord region) {
    List<RegionRecord> more = new ArrayList<>(regions);
    more.add(region);
    return new RegionList(FORMAT, version + 1, more, home).checked("the list of regions");
  }

  /** The next version, without a region. */
  public RegionList without(String region) {
    RegionRecord gone = named(region);
    List<RegionRecord> left = regions.stream().filter(there -> !there.equals(gone)).toList();
    return new RegionList(FORMAT, version + 1, left, home);
  }

  /** The next version, with another name for a region. */
  RegionList renamed(String region, String name) {
    RegionRecord old = named(region);
    List<RegionRecord> all =
        regions.stream()
            .map(there -> there.equals(old) ? new RegionRecord(name, old.store()) : there)
            .toList();
    return new RegionList(FORMAT, version + 1, all, home).checked("the list of regions");
  }

  private RegionRecord named(String region) {
    return regions.stream()
        .filter(there -> there.name().equals(region))
        .findFirst()
        .orElseThrow(
            () ->
                DataException.of(
                    "there is no region %s; the dataset's regions: %s",
                    region, regions.stream().map(RegionRecord::name).toList()));
  }

  /** The next version, with home in this region of a topology. */
  RegionList at(String region) {
    return new RegionList(FORMAT, version + 1, regions, region).checked("the list of regions");
  }

  /** Reads and checks a list. */
  public static RegionList parse(String blob, byte[] json) {
    return Json.record(blob, json, RegionList.class).checked(blob);
  }

  private RegionList checked(String blob) {
    if (!format.equals(FORMAT)) {
      throw DataException.of("%s: format '%s'; this release reads '%s'", blob, format, FORMAT);
    }
    if (!home.isEmpty() && !RegionRecord.safe(home)) {
      throw DataException.of(
          "%s: home '%s': need 1 to 64 letters, digits, '.', '-' and '_', no '.' or '-' first",
          blob, home);
    }
    if (regions.size() > MOST_REGIONS) {
      throw DataException.of("%s: %d regions, the limit is %d", blob, regions.size(), MOST_REGIONS);
    }
    Set<String> names = new HashSet<>();
    Set<String> stores = new HashSet<>();
    for (RegionRecord region : regions) {
      if (!names.add(region.name()) || !stores.add(region.store())) {
        throw DataException.of(
            "%s: region %s at %s is there twice, by name or by place",
            blob, region.name(), region.store());
      }
    }
    return this;
  }
}
