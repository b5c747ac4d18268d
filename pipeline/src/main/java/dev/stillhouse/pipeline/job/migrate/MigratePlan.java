package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.storage.Hashes;
import java.io.Serializable;

/**
 * What every worker of a migration must know.
 *
 * @param output what is written, and where
 * @param dataset path or URI of what is read
 * @param version of it
 * @param digest of that version
 */
record MigratePlan(OutputPlan output, String dataset, long version, String digest)
    implements Serializable {

  /**
   * Under which receipts lie. An identity is not enough: where a teacher is not reproducible two
   * datasets of one identity differ, and shards of both must not meet in a third.
   */
  String receipts() {
    return Hashes.sha256(output.identity().hash() + digest);
  }
}
