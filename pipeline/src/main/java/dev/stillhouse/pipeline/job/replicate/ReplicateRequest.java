package dev.stillhouse.pipeline.job.replicate;

import dev.stillhouse.pipeline.job.Transfer;
import dev.stillhouse.storage.store.StoreName;
import java.util.List;

/**
 * A request for a replication.
 *
 * @param dataset path or URI
 * @param to place of the new replica
 * @param region its name
 * @param home the region of the topology that the dataset's home is in; "" if unknown
 * @param transfer how blobs get there
 * @param beam options for Beam and its runner
 */
public record ReplicateRequest(
    String dataset, String to, String region, String home, Transfer transfer, List<String> beam) {
  public ReplicateRequest {
    PlacedCopy.checkName(region, "give --region NAME");
    transfer.checkedHome(home);
  }

  /** Creates a request without a topology. */
  public ReplicateRequest(String dataset, String to, String region, List<String> beam) {
    this(dataset, to, region, "", Transfer.freely(), beam);
  }

  /** Returns the default name of a region: the last part of its place. */
  public static String nameOf(String to) {
    return StoreName.parse(to).lastPart();
  }
}
