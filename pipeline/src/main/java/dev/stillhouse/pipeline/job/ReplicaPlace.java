package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ManifestLog;
import dev.stillhouse.storage.dataset.RegionLog;
import dev.stillhouse.storage.dataset.RegionRecord;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.ReplicaReader;
import dev.stillhouse.storage.region.StoreName;
import java.util.Arrays;
import java.util.List;

/** Refuses places where a replica must not lie. */
final class ReplicaPlace {
  private ReplicaPlace() {}

  /**
   * The region that a request asks for, with the real name of its place.
   *
   * @param opened the dataset
   */
  static RegionRecord check(ReplicateRequest request, Dataset opened) {
    StoreName to = Places.real(request.to());
    Places.apart("--to", to, "the dataset itself", Places.real(request.dataset()));
    RegionRecord asked = new RegionRecord(request.region(), to.toString());
    for (RegionRecord region : new RegionLog(opened.home(), opened.ledger()).latest().regions()) {
      StoreName place = Places.real(region.store());
      boolean samePlace = place.equals(to);
      if (samePlace && region.name().equals(asked.name())) {
        return region; // Known: what it lacks is copied.
      }
      if (samePlace) {
        throw UsageException.of("%s is region %s already", to, region.name());
      }
      if (region.name().equals(asked.name())) {
        throw UsageException.of(
            "there is a region %s already, at %s; give another --region NAME",
            region.name(), place);
      }
      Places.apart("--to", to, "region " + region.name(), place);
    }
    return asked;
  }

  /** Refuses a place that holds, or has begun to hold, something other than this dataset's copy. */
  static void checkContent(RegionStore target, String to, ManifestLog log) {
    if (target.size(OutputGuard.KEY).isPresent() && target.list("manifests/").isEmpty()) {
      throw DataException.of(
          "%s has begun to hold a dataset of its own (%s); choose another --to",
          to, OutputGuard.KEY);
    }
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(target), new Ledger());
    ManifestLog there = new ManifestLog(target, reader);
    List<String> known = log.keys();
    for (String key : there.keys()) {
      if (!known.contains(key) || !Arrays.equals(bytes(there, key, to), log.bytes(key))) {
        throw DataException.of(
            "%s holds another dataset: its %s is not this dataset's; choose another --to", to, key);
      }
    }
  }

  private static byte[] bytes(ManifestLog there, String key, String to) {
    try {
      return there.bytes(key);
    } catch (DataException e) {
      throw new DataException(
          to
              + " holds a damaged manifest; if it is a region of this dataset, verify --repair mends"
              + " it. "
              + e.getMessage(),
          e);
    }
  }
}
