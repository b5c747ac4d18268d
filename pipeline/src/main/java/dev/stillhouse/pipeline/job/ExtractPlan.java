package dev.stillhouse.pipeline.job;

import java.io.Serializable;

/**
 * What every worker of an extraction must know.
 *
 * @param output what is written, and where
 * @param teacher the teacher as the command line names it
 * @param teacherBlob sha256 of the fitted teacher's blob; "" if it needs none
 * @param resumed whether the job was begun before, so that parts of slices may be there
 */
record ExtractPlan(OutputPlan output, String teacher, String teacherBlob, boolean resumed)
    implements Serializable {

  /** Positions that are read, asked about and written at once; a sequence is never cut. */
  private static final int POSITIONS_AT_ONCE = 2048;

  /** Sequences of a batch: cut by the plan and never by timing (law 4). */
  int batchSequences() {
    return batchSequences(output.sequenceLength());
  }

  /** The same for sequences of any length. */
  static int batchSequences(int sequenceLength) {
    return Math.max(1, POSITIONS_AT_ONCE / sequenceLength);
  }
}
