package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.dataset.Identity;
import dev.stillhouse.storage.layout.ShardHeader;
import java.io.Serializable;

/**
 * What every worker of an extraction must know.
 *
 * @param job name of the {@link Meter}
 * @param ledger name of the ledger
 * @param store path or URI of the dataset
 * @param identity what decides the content
 * @param teacher the teacher as the command line names it
 * @param teacherBlob sha256 of the fitted teacher's blob; "" if it needs none
 * @param vocabulary token ids are below this
 * @param sequenceLength positions in a sequence (T)
 */
record ExtractPlan(
    String job,
    String ledger,
    String store,
    Identity identity,
    String teacher,
    String teacherBlob,
    int vocabulary,
    int sequenceLength)
    implements Serializable {

  /** Positions that are read, asked about and written at once; a sequence is never cut. */
  private static final int POSITIONS_AT_ONCE = 2048;

  /** Sequences of a batch: cut by the plan and never by timing (law 4). */
  int batchSequences() {
    return batchSequences(sequenceLength);
  }

  /** The same for sequences of any length. */
  static int batchSequences(int sequenceLength) {
    return Math.max(1, POSITIONS_AT_ONCE / sequenceLength);
  }

  ShardHeader header(Slice slice) {
    return new ShardHeader(
        identity.layout(),
        identity.statistic(),
        identity.arithmetic(),
        identity.teacher(),
        identity.tokenizer(),
        vocabulary,
        slice.firstSequence(),
        slice.tokens().sequences(),
        sequenceLength);
  }
}
