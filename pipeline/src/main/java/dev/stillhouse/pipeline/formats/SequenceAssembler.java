package dev.stillhouse.pipeline.formats;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.ImportNote;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Makes a row of a dataset of each sequence of a source: rows of statistics go to the positions
 * that they describe, entries are sorted and proved, and what can be computed is computed. What
 * cannot stays unknown, and is counted. Not safe for several threads.
 */
public final class SequenceAssembler {
  private final String format;
  private final SourceFacts facts;
  private final ImportShape shape;
  private final PositionEntries entries;
  private long positions;
  private long tails;
  private long normalisers;
  private long entropies;
  private long targetsMissing;

  /** Creates an assembler. */
  public SequenceAssembler(String format, SourceFacts facts, ImportShape shape) {
    this.format = format;
    this.facts = facts;
    this.shape = shape;
    this.entries = new PositionEntries(facts, shape);
  }

  /**
   * Returns the row of a sequence.
   *
   * @param number of the row in the dataset
   * @throws dev.stillhouse.storage.DataException if the sequence breaks a rule
   */
  public StatisticsBatch assemble(SourceSequence sequence, long number) {
    int first = first(sequence);
    TokenBatch tokens = tokens(sequence, number);
    StatisticsBatch batch = StatisticsBatch.nulls(shape.spec(), tokens);
    int[] offsets = new int[shape.sequenceLength() + 1];
    entries.begin();
    for (int position = 0; position < shape.sequenceLength(); position++) {
      if (position < sequence.tokens()) {
        int row = position - first;
        boolean there = row >= 0 && row < sequence.rows();
        position(sequence, there ? row : -1, position, batch);
      }
      offsets[position + 1] = entries.count();
    }
    Provenance provenance =
        shape.spec().hasReasons()
            ? new Provenance(entries.reasons(), new int[0], new float[0])
            : Provenance.NONE;
    return batch.withEntries(offsets, entries.ids(), entries.logProbs(), provenance);
  }

  private int first(SourceSequence sequence) {
    int length = sequence.tokens();
    if (length == 0) {
      throw sequence.wrong("has no token; leave it out");
    }
    if (length > shape.sequenceLength()) {
      throw sequence.wrong(
          "%d tokens, --sequence-length is %d, and no sequence is cut: the teacher's context would"
              + " be lost; give --sequence-length %d or more",
          length, shape.sequenceLength(), length);
    }
    int first = facts.alignment().first(length, sequence.rows());
    if (first == -2) {
      throw sequence.wrong(
          "%d rows of statistics for %d tokens; --alignment %s needs %s",
          sequence.rows(), length, facts.alignment().word(), facts.alignment().rule(length));
    }
    return first;
  }

  private TokenBatch tokens(SourceSequence sequence, long number) {
    TokenBatch batch = TokenBatch.room(number, 1, shape.sequenceLength());
    Arrays.fill(batch.segments(), TokenBatch.PADDING);
    int segment = 0;
    for (int position = 0; position < sequence.tokens(); position++) {
      int id = sequence.tokenAt(position);
      if (id < 0 || id >= shape.vocabulary()) {
        throw sequence.wrong(
            "token %d at position %d, the vocabulary has ids 0 to %d; give the tokenizer or"
                + " --vocabulary that the teacher had",
            id, position, shape.vocabulary() - 1);
      }
      if (position > 0 && sequence.segmentAt(position) != sequence.segmentAt(position - 1)) {
        segment++;
      }
      batch.tokens()[position] = id;
      batch.segments()[position] = segment;
    }
    return batch;
  }

  private void position(SourceSequence sequence, int row, int position, StatisticsBatch batch) {
    int target = batch.tokens().target(position);
    positions++;
    PositionEntries.Found found = entries.add(sequence, row, position, target);
    batch.logTail()[position] = found.logTail();
    batch.targetLogProb()[position] = found.targetLogProb();
    targetsMissing += target != TokenBatch.NO_TARGET && Float.isNaN(found.targetLogProb()) ? 1 : 0;
    if (row < 0) {
      return;
    }
    float normaliser = number(sequence, row, SourceSequence.NORMALISER, position);
    float entropy = number(sequence, row, SourceSequence.ENTROPY, position);
    double most = Math.log(shape.vocabulary()) + 1e-3;
    if (entropy < -1e-3 || entropy > most) {
      throw sequence.wrong(
          "position %d: entropy %s nats, need 0 to log of the vocabulary, %s",
          position, entropy, most);
    }
    batch.logNormaliser()[position] = normaliser;
    batch.entropy()[position] = entropy;
    normalisers += Float.isNaN(normaliser) ? 0 : 1;
    entropies += Float.isNaN(entropy) ? 0 : 1;
    tails += Float.isNaN(sequence.number(row, SourceSequence.TAIL)) ? 0 : 1;
  }

  private static float number(SourceSequence sequence, int row, int which, int position) {
    float value = sequence.number(row, which);
    if (Float.isInfinite(value)) {
      throw sequence.wrong(
          "position %d: %s is %s, need a number",
          position, which == SourceSequence.ENTROPY ? "entropy" : "the normaliser", value);
    }
    return value;
  }

  /** Returns what the dataset should say of its source, after all sequences. */
  public ImportNote note(boolean tokenizerKnown) {
    ImmutableList.Builder<String> unknown = ImmutableList.builder();
    if (!tokenizerKnown) {
      unknown.add("tokenizer");
    }
    if (!facts.bounded()) {
      unknown.add("errorBound");
    }
    if (tails < positions) {
      unknown.add("logTail"); // It follows from the kept mass.
    }
    if (entropies < positions) {
      unknown.add("entropy");
    }
    if (normalisers < positions) {
      unknown.add("logNormaliser");
    }
    if (targetsMissing > 0) {
      unknown.add(ImportNote.TARGET);
    }
    return new ImportNote(
        format,
        facts.boundNats(),
        facts.boundShare(),
        facts.overKept() || entries.normalisedOverKept() ? ImportNote.KEPT : ImportNote.VOCABULARY,
        unknown.build(),
        entries.excessPositions(),
        entries.largestExcess(),
        entries.raised());
  }

  /** Returns the number of positions whose target's log-prob is not known. */
  public long targetsMissing() {
    return targetsMissing;
  }
}
