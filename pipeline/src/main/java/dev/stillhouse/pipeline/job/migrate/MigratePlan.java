package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.storage.Hashes;
import java.io.Serializable;

/**
 * What every worker of a migration needs to know.
 *
 * @param output what is written, and where
 * @param dataset path or URI of what is read
 * @param version of it
 * @param digest of that version
 */
record MigratePlan(OutputPlan output, String dataset, long version, String digest)
    implements Serializable {

  /**
   * Returns the name under which receipts lie. An identity is not enough: with a teacher that is
   * not reproducible two datasets of one identity differ, and shards of both must not come into a
   * third.
   */
  String receipts() {
    return Hashes.sha256(output.identity().hash() + digest);
  }
}
