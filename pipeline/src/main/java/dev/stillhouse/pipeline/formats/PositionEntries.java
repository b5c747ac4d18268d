package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Collects the entries of one sequence's positions: sorted, cut to the best, each once, with a mass
 * of at most one. Where the source's rounding has made the mass larger, the entries stay as they
 * are, there is no tail, and the excess is counted.
 */
final class PositionEntries {
  /** Allowed error of float32 sums of probabilities, as {@code verify} has it. */
  private static final double MASS_SLACK = 1e-5;

  private final SourceFacts facts;
  private final ImportShape shape;
  private int count;
  private int[] ids = new int[1 << 14];
  private float[] logProbs = new float[1 << 14];
  private byte[] reasons = new byte[1 << 14];
  private long[] keys = new long[256];
  private int[] sorted = new int[256];
  private boolean normalisedOverKept;
  private long excessPositions;
  private double largestExcess;
  private long raised;

  PositionEntries(SourceFacts facts, ImportShape shape) {
    this.facts = facts;
    this.shape = shape;
  }

  /** What else a position has. */
  record Found(float logTail, float targetLogProb) {}

  /** Begins a sequence. */
  void begin() {
    count = 0;
  }

  /**
   * Adds the entries of a position.
   *
   * @param row of the source that describes it; -1 if none does
   * @param target token that it predicts, or {@link TokenBatch#NO_TARGET}
   */
  Found add(SourceSequence sequence, int row, int position, int target) {
    if (row < 0) {
      return new Found(0, Float.NaN); // All of the mass is not kept: log 1.
    }
    int n = sort(sequence, row, position);
    checkOnce(sequence, row, position);
    int kept = Math.min(n, shape.topK());
    int from = count;
    double mass = 0;
    double allowed = MASS_SLACK;
    float targetLogProb = Float.NaN;
    boolean all = true;
    for (int i = 0; i < n; i++) {
      int id = (int) keys[i];
      float logProb = -Float.intBitsToFloat((int) (keys[i] >>> 32)) + 0f;
      boolean isTarget = id == target;
      if (isTarget) {
        targetLogProb = logProb;
      }
      boolean forTarget = isTarget && shape.spec().target();
      if (i < kept || forTarget) {
        append(
            id, logProb, (i < kept ? Reason.TOP.bit() : 0) | (forTarget ? Reason.TARGET.bit() : 0));
        double p = StrictMath.exp(logProb);
        mass += p;
        allowed += p * bound(logProb);
      } else {
        all = false;
      }
    }
    float worst = kept == 0 ? 0 : -Float.intBitsToFloat((int) (keys[kept - 1] >>> 32));
    targetLogProb = target(sequence, row, position, target, targetLogProb, kept, worst);
    if (shape.spec().target() && !Float.isNaN(targetLogProb) && !holds(from, target)) {
      append(target, targetLogProb, Reason.TARGET.bit());
      mass += StrictMath.exp(targetLogProb);
      allowed += StrictMath.exp(targetLogProb) * bound(targetLogProb);
      all = false;
    }
    return new Found(tail(sequence, row, position, all, mass, allowed), targetLogProb);
  }

  /** Reads a row's entries as log-probs, best first. Returns their number. */
  private int sort(SourceSequence sequence, int row, int position) {
    int from = sequence.from(row);
    int n = sequence.to(row) - from;
    if (n > keys.length) {
      keys = new long[2 * n];
      sorted = new int[2 * n];
    }
    double normaliser = facts.logits() ? normaliser(sequence, row, position) : 0;
    for (int i = 0; i < n; i++) {
      int id = sequence.id(from + i);
      if (id < 0 || id >= shape.vocabulary()) {
        throw sequence.wrong(
            "position %d: an entry of token %d, the vocabulary has ids 0 to %d; give the tokenizer"
                + " or --vocabulary that the teacher had",
            position, id, shape.vocabulary() - 1);
      }
      float logProb = (float) (sequence.value(from + i) - normaliser);
      keys[i] =
          (long) Float.floatToRawIntBits(magnitude(sequence, position, id, logProb)) << 32 | id;
    }
    Arrays.sort(keys, 0, n); // Likelier first; equal ones by id.
    return n;
  }

  /** Returns minus the log-prob, 0 or more. */
  private float magnitude(SourceSequence sequence, int position, int id, float logProb) {
    if (logProb <= 0) {
      return Math.abs(logProb);
    }
    if (logProb <= bound(logProb) + MASS_SLACK) {
      raised++;
      return 0;
    }
    throw sequence.wrong(
        "position %d: token %d has log-prob %s, need a number of at most 0; %s",
        position,
        id,
        logProb,
        Float.isNaN(logProb)
            ? "repair the source"
            : "if these are logits, say so with the settings of the format");
  }

  private double normaliser(SourceSequence sequence, int row, int position) {
    float given = sequence.number(row, SourceSequence.NORMALISER);
    if (!Float.isNaN(given)) {
      return given;
    }
    if (!shape.normaliseKept()) {
      throw sequence.wrong(
          "position %d: logits without their normaliser are no log-probs; --normalise-kept takes"
              + " the kept entries for all of the mass, and the dataset then says so",
          position);
    }
    normalisedOverKept = true;
    double max = Double.NEGATIVE_INFINITY;
    for (int e = sequence.from(row); e < sequence.to(row); e++) {
      max = Math.max(max, sequence.value(e));
    }
    double sum = 0;
    for (int e = sequence.from(row); e < sequence.to(row); e++) {
      sum += StrictMath.exp(sequence.value(e) - max);
    }
    return max + StrictMath.log(sum);
  }

  private void checkOnce(SourceSequence sequence, int row, int position) {
    int from = sequence.from(row);
    int n = sequence.to(row) - from;
    for (int i = 0; i < n; i++) {
      sorted[i] = sequence.id(from + i);
    }
    Arrays.sort(sorted, 0, n);
    for (int i = 1; i < n; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw sequence.wrong(
            "position %d: token %d has two entries; which is right cannot be known, repair the"
                + " source",
            position, sorted[i]);
      }
    }
  }

  /** Returns the target's log-prob: that of its entry, else what the source says of it. */
  private float target(
      SourceSequence sequence,
      int row,
      int position,
      int target,
      float entry,
      int kept,
      float worst) {
    float said = sequence.number(row, SourceSequence.TARGET);
    if (target == TokenBatch.NO_TARGET) {
      return Float.NaN;
    }
    if (said > 0 || said == Float.POSITIVE_INFINITY) {
      throw sequence.wrong(
          "position %d: the target's log-prob is %s, need at most 0", position, said);
    }
    boolean apart = Math.abs(said - entry) > bound(entry) + bound(said) + MASS_SLACK;
    if (said != entry && apart) {
      throw sequence.wrong(
          "position %d: the source gives token %d the log-prob %s as the target and %s as an entry;"
              + " rows that are off by one look like this: check --alignment",
          position, target, said, entry);
    }
    if (!Float.isNaN(entry)) {
      return entry;
    }
    if (kept > 0 && said > worst + (shape.spec().target() ? 0 : bound(worst))) {
      throw sequence.wrong(
          "position %d: the target, token %d, has log-prob %s, better than the worst entry's %s,"
              + " and is no entry; rows that are off by one look like this: check --alignment",
          position, target, said, worst);
    }
    return said + 0f;
  }

  private boolean holds(int from, int id) {
    for (int e = from; e < count; e++) {
      if (ids[e] == id) {
        return true;
      }
    }
    return false;
  }

  private float tail(
      SourceSequence sequence, int row, int position, boolean all, double mass, double allowed) {
    float said = sequence.number(row, SourceSequence.TAIL);
    if (mass > 1 + allowed) {
      throw sequence.wrong(
          "position %d: the kept mass is %s, need at most 1 and %s for the source's rounding; if"
              + " the source is less exact, give --error-bound NATS",
          position, mass, allowed);
    }
    if (mass > 1) {
      excessPositions++;
      largestExcess = Math.max(largestExcess, mass - 1);
      return Float.NEGATIVE_INFINITY;
    }
    if (!Float.isNaN(said) && all) {
      double sum = mass + StrictMath.exp(said);
      if (!(Math.abs(sum - 1) <= allowed)) {
        throw sequence.wrong(
            "position %d: kept mass %s and log tail %s add up to %s, need 1 within %s",
            position, mass, said, sum, allowed);
      }
      return said;
    }
    return (float) StrictMath.log1p(-mass) + 0f;
  }

  private double bound(float logProb) {
    return Float.isNaN(logProb) || Float.isInfinite(logProb)
        ? facts.boundNats()
        : facts.boundNats() + facts.boundShare() * Math.abs(logProb);
  }

  private void append(int id, float logProb, int why) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      logProbs = Arrays.copyOf(logProbs, 2 * count);
      reasons = Arrays.copyOf(reasons, 2 * count);
    }
    ids[count] = id;
    logProbs[count] = logProb;
    reasons[count++] = (byte) why;
  }

  int count() {
    return count;
  }

  int[] ids() {
    return Arrays.copyOf(ids, count);
  }

  float[] logProbs() {
    return Arrays.copyOf(logProbs, count);
  }

  byte[] reasons() {
    return Arrays.copyOf(reasons, count);
  }

  boolean normalisedOverKept() {
    return normalisedOverKept;
  }

  long excessPositions() {
    return excessPositions;
  }

  double largestExcess() {
    return largestExcess;
  }

  long raised() {
    return raised;
  }
}
