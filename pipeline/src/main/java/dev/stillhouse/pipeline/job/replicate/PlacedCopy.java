package dev.stillhouse.pipeline.job.replicate;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.job.DistinctStores;
import dev.stillhouse.pipeline.job.OutputGuard;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;
import dev.stillhouse.storage.store.StoreName;
import java.util.Arrays;
import java.util.List;

/** Refuses places where a replica must not lie. */
final class PlacedCopy {
  private PlacedCopy() {}

  /**
   * A replica as a person named it.
   *
   * @param region its name
   * @param to path or URI
   */
  record Asked(String region, String to) {}

  /** Refuses what cannot be a region's name. */
  static void checkName(String region, String advice) {
    if (!ReplicaRecord.safe(region) || region.equals(BlobStores.HOME)) {
      throw UsageException.of(
          "a region cannot be named '%s': need 1 to 64 letters, digits, '.', '-' and '_', no '.' or"
              + " '-' first, and not home; %s",
          region, advice);
    }
  }

  /**
   * Returns the replica that is asked for, with the real name of its place.
   *
   * @param option that names the place
   * @param dataset path or URI of home
   * @param known the existing replicas
   */
  static ReplicaRecord check(String option, Asked region, String dataset, ReplicaList known) {
    StoreName to = DistinctStores.real(region.to());
    DistinctStores.apart(option, to, "the dataset itself", DistinctStores.real(dataset));
    ReplicaRecord asked = new ReplicaRecord(region.region(), to.toString());
    for (ReplicaRecord there : known.regions()) {
      StoreName place = DistinctStores.real(there.store());
      boolean samePlace = place.equals(to);
      if (samePlace && there.name().equals(asked.name())) {
        return there; // Known: what it lacks is copied.
      }
      if (samePlace) {
        throw UsageException.of("%s is region %s already", to, there.name());
      }
      if (there.name().equals(asked.name())) {
        throw UsageException.of(
            "there is a region %s already, at %s; give it another name", there.name(), place);
      }
      DistinctStores.apart(option, to, "region " + there.name(), place);
    }
    return asked;
  }

  /** Refuses a place that holds, or has begun to hold, anything but a replica of this dataset. */
  static void checkContent(String option, BlobStore target, String to, ManifestLog log) {
    ReplicaReader reader = new ReplicaReader(ImmutableList.of(target), new Ledger());
    ManifestLog there = new ManifestLog(target, reader);
    List<String> keys = there.keys(); // Before home's: another process may just now add to both.
    if (keys.isEmpty() && target.size(OutputGuard.KEY).isPresent()) {
      throw DataException.of(
          "%s has begun to hold a dataset of its own (%s); choose another %s",
          to, OutputGuard.KEY, option);
    }
    List<String> known = log.keys();
    for (String key : keys) {
      if (!known.contains(key) || !Arrays.equals(bytes(there, key, to), log.bytes(key))) {
        throw DataException.of(
            "%s holds another dataset: its %s is not this dataset's; choose another %s",
            to, key, option);
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
