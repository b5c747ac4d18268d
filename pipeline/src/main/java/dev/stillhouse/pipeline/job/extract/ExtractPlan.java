package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.Serializable;

/**
 * What every worker of an extraction needs to know.
 *
 * @param output what is written, and where
 * @param teacher the teacher as the command line names it
 * @param teacherBlob sha256 of the fitted teacher's blob; "" if it needs none
 * @param resumed whether the job was begun before, so that parts of shard tasks may exist
 */
record ExtractPlan(OutputPlan output, String teacher, String teacherBlob, boolean resumed)
    implements Serializable {

  /** Returns the sequences of a batch: cut by the plan and never by timing (law 4). */
  int batchSequences() {
    return TokenBatch.sequencesAtOnce(output.sequenceLength());
  }
}
