package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.RegionRecord;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.StoreName;
import java.util.List;

/**
 * What a person asks of a replication.
 *
 * @param dataset path or URI
 * @param to name of the place that becomes a region
 * @param region its name
 * @param beam options for Beam and its runner
 */
public record ReplicateRequest(String dataset, String to, String region, List<String> beam) {
  public ReplicateRequest {
    if (!RegionRecord.safe(region) || region.equals(Regions.HOME)) {
      throw UsageException.of(
          "a region cannot be named '%s': need 1 to 64 letters, digits, '.', '-' and '_', no '.' or"
              + " '-' first, and not home; give --region NAME",
          region);
    }
  }

  /** The name that a region has if none is given: the last part of its place. */
  public static String nameOf(String to) {
    return StoreName.parse(to).lastPart();
  }
}
