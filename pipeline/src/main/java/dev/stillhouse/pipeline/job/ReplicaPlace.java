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
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Refuses places where a replica must not lie. */
final class ReplicaPlace {
  private ReplicaPlace() {}

  /**
   * The region that a request asks for, with the real path of its directory.
   *
   * @param opened the dataset
   */
  static RegionRecord check(ReplicateRequest request, Dataset opened) {
    Path to = real(Regions.directory(request.to()));
    apart(to, "the dataset itself", real(Regions.directory(request.dataset())));
    RegionRecord asked = new RegionRecord(request.region(), to.toString());
    for (RegionRecord region : new RegionLog(opened.home(), opened.ledger()).latest().regions()) {
      Path place = real(Regions.directory(region.store()));
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
      apart(to, "region " + region.name(), place);
    }
    return asked;
  }

  private static void apart(Path to, String what, Path place) {
    if (to.equals(place)) {
      throw UsageException.of("--to %s is %s; choose another directory", to, what);
    }
    if (to.startsWith(place) || place.startsWith(to)) {
      throw UsageException.of(
          "--to %s and %s at %s lie one inside the other; choose another directory",
          to, what, place);
    }
  }

  /** Through all symbolic links, as far as the path exists. */
  private static Path real(Path path) {
    Path whole = path.toAbsolutePath();
    Path there = whole;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(whole)).normalize();
    } catch (IOException e) {
      throw new DataException(path + ": " + e.getMessage(), e);
    }
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
