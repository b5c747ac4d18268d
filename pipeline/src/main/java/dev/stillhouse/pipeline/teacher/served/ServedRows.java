package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Turns servers' scores into the statistics of a batch, and checks them: every row is there, it
 * belongs to its prompt, its entries are of one distribution, each once. Entries are ordered anew,
 * best first, ties by lower id. For one thread; windows come in their order.
 *
 * <p>Tail: 1 minus the kept mass, in double. Rounding of the server's float32 log-probs may take
 * the mass above 1; such a tail is 0, and {@link ServedTeacher#note} counts it.
 */
final class ServedRows {
  /** As much as the mass may be above 1 by rounding, as where a dataset is verified. */
  private static final double MASS_SLACK = 2e-5;

  /** As much as a log-prob may be above 0 by rounding. */
  private static final float ZERO_SLACK = 1e-4f;

  /** What servers write for -inf where JSON has none. */
  private static final float CLAMPED = -9999f;

  private final TokenBatch batch;
  private final Selection selection;
  private final int before;
  private final StatisticsBatch scalars;
  private final int[] offsets;
  private final boolean[] answered;
  private int[] ids = new int[1 << 10];
  private float[] logProbs = new float[1 << 10];
  private Provenance provenance;
  private int entries;

  // One row: its entries as keys (distance from 0, then id), and their reasons.
  private long[] keys = new long[128];
  private byte[] reasons = new byte[128];
  private int count;
  private final SeenIds seen = new SeenIds();

  /**
   * Prepares for a batch.
   *
   * @param before tokens that stand before each window and are no position
   */
  ServedRows(TokenBatch batch, Selection selection, int before) {
    this.batch = batch;
    this.selection = selection;
    this.before = before;
    this.scalars = StatisticsBatch.nulls(selection.spec(), batch);
    this.offsets = new int[batch.slots() + 1];
    this.answered = new boolean[batch.slots()];
    this.provenance = Provenance.room(selection.spec(), ids.length);
  }

  /**
   * Adds the rows of a window that are used.
   *
   * @throws DataException if they are not those of the prompt
   */
  void add(Window window, int[] prompt, PromptScores scores) {
    int[] echoed = scores.echoed();
    if (echoed != null && !Arrays.equals(echoed, prompt)) {
      throw wrong(window, "is about another prompt: its token " + firstOther(echoed, prompt));
    }
    if (scores.rows() != prompt.length) {
      throw wrong(
          window,
          String.format("has %d rows for a prompt of %d tokens", scores.rows(), prompt.length));
    }
    float[] forced = scores.forced();
    int forcedIds = selection.forced().length();
    if (forcedIds > 0 && (forced == null || forced.length != forcedIds * prompt.length)) {
      throw wrong(window, "has no log-probs of the forced ids");
    }
    for (int i = window.firstUsed(); i < window.length(); i++) {
      int row = before + i + 1;
      int slot = window.start() + i;
      try {
        row(slot, row, prompt[row], scores);
      } catch (DataException e) {
        throw wrong(window, "row " + row + ": " + e.getMessage());
      }
    }
  }

  private static String firstOther(int[] echoed, int[] prompt) {
    int at = Arrays.mismatch(echoed, prompt);
    return at < Math.min(echoed.length, prompt.length)
        ? at + " is " + echoed[at] + ", not " + prompt[at]
        : "count is " + echoed.length + ", not " + prompt.length;
  }

  private DataException wrong(Window window, String what) {
    return new DataException(ServedTeacher.where(batch, window) + ": the answer " + what);
  }

  private void row(int slot, int row, int next, PromptScores scores) {
    if (!scores.given(row)) {
      throw new DataException("is null");
    }
    count = 0;
    seen.begin();
    int from = scores.offset(row);
    int to = scores.offset(row + 1);
    int top = selection.spec().maxTop();
    float nextLogProb = scores.target(row);
    for (int e = from; e < to; e++) {
      float logProb = logProb(scores.id(e), scores.logProb(e));
      if (scores.id(e) == next) {
        nextLogProb = logProb;
      }
      once(scores.id(e));
      if (logProb > Float.NEGATIVE_INFINITY) { // An id without mass is none of the best.
        insert(scores.id(e), logProb);
      }
    }
    if (to - from > top + 1) {
      throw DataException.of("%d entries, %d were asked for", to - from, top);
    }
    if (Float.isNaN(nextLogProb)) {
      throw DataException.of(
          "it has not token %d, which the prompt goes on with; it is about another prompt, or a"
              + " router on the way dropped what was asked",
          next);
    }
    int wanted = Math.min(top, selection.vocabulary());
    if (count < wanted && mass() < 1 - MASS_SLACK) {
      throw DataException.of("%d entries, %d were asked for, of mass %s", count, top, mass());
    }
    keep(slot, row, next, logProb(next, nextLogProb), scores);
  }

  /** Returns the mass of the row's entries. */
  private double mass() {
    double mass = 0;
    for (int j = 0; j < count; j++) {
      mass += Math.exp(logProb(keys[j]));
    }
    return mass;
  }

  /** Checks a log-prob, and returns it as it is kept. */
  private float logProb(int id, float logProb) {
    if (id < 0 || id >= selection.vocabulary()) {
      throw DataException.of(
          "token id %d is outside the vocabulary of %d", id, selection.vocabulary());
    }
    if (Float.isNaN(logProb)) {
      throw DataException.of("token %d has no log-prob (NaN or null)", id);
    }
    if (logProb > ZERO_SLACK) {
      throw DataException.of(
          "token %d has log-prob %s, above 0: the server gives logits; start it with"
              + " log-probs (vLLM: --logprobs-mode raw_logprobs)",
          id, logProb);
    }
    return logProb <= CLAMPED ? Float.NEGATIVE_INFINITY : Math.min(0f, logProb) + 0f;
  }

  private void once(int id) {
    if (!seen.add(id)) {
      throw DataException.of("token %d twice", id);
    }
  }

  private static long key(int id, float logProb) {
    // Below 0 the bits grow with the distance from it.
    return (long) (Float.floatToRawIntBits(logProb) & 0x7FFF_FFFF) << 32 | id;
  }

  private static float logProb(long key) {
    return 0f - Float.intBitsToFloat((int) (key >>> 32));
  }

  /** Adds an entry at its place; servers send them nearly in order. */
  private int insert(int id, float logProb) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      reasons = Arrays.copyOf(reasons, 2 * count);
    }
    long key = key(id, logProb);
    int at = count++;
    while (at > 0 && keys[at - 1] > key) {
      keys[at] = keys[at - 1];
      reasons[at] = reasons[at - 1];
      at--;
    }
    keys[at] = key;
    reasons[at] = 0;
    return at;
  }

  private void keep(int slot, int row, int next, float nextLogProb, PromptScores scores) {
    count = Math.min(count, best());
    Arrays.fill(reasons, 0, count, (byte) Reason.TOP.bit());
    boolean hasTarget = batch.target(slot) != TokenBatch.NO_TARGET;
    if (hasTarget && selection.spec().target()) {
      mark(next, nextLogProb, Reason.TARGET);
    }
    float[] forced = scores.forced();
    int width = selection.forced().length();
    for (int f = 0; forced != null && f < width; f++) {
      int id = selection.forced().get(f);
      mark(id, logProb(id, forced[row * width + f]), Reason.FORCED);
    }
    double mass = write();
    if (mass > 1 + MASS_SLACK) {
      throw DataException.of("its entries have a mass of %s, above 1", mass);
    }
    scalars.logTail()[slot] = (float) Math.log1p(-Math.min(1, mass));
    scalars.targetLogProb()[slot] = hasTarget ? nextLogProb : Float.NaN;
    answered[slot] = true;
    offsets[slot + 1] = entries;
  }

  /** Returns how many of the best are kept: k of top-k, or what top-p asks for. */
  private int best() {
    int k = selection.spec().topK();
    if (selection.spec().topP().isEmpty()) {
      return k;
    }
    var topP = selection.spec().topP().get();
    double enough = topP.enough(1);
    double mass = 0;
    int n = 0;
    while (n < Math.min(count, topP.max()) && mass < enough) {
      mass += Math.exp(logProb(keys[n++]));
    }
    return Math.max(k, n);
  }

  /** Keeps an id for one more reason. */
  private void mark(int id, float logProb, Reason reason) {
    int at = 0;
    while (at < count && (int) keys[at] != id) {
      at++;
    }
    if (at == count) {
      at = insert(id, logProb);
    }
    reasons[at] |= (byte) reason.bit();
  }

  /** Appends the row's entries; returns their mass. */
  private double write() {
    if (entries + count > ids.length) {
      int room = Math.max(2 * ids.length, entries + count);
      ids = Arrays.copyOf(ids, room);
      logProbs = Arrays.copyOf(logProbs, room);
      Provenance larger = Provenance.room(selection.spec(), room);
      provenance.copy(0, larger, 0, entries);
      provenance = larger;
    }
    double mass = 0;
    for (int j = 0; j < count; j++) {
      ids[entries] = (int) keys[j];
      logProbs[entries] = logProb(keys[j]);
      mass += Math.exp(logProbs[entries]);
      if (provenance.reasons().length > 0) {
        provenance.reasons()[entries] = reasons[j];
      }
      entries++;
    }
    return mass;
  }

  /** Returns the statistics of the whole batch. */
  StatisticsBatch finish() {
    for (int slot = 0; slot < batch.slots(); slot++) {
      if (batch.padding(slot)) {
        offsets[slot + 1] = offsets[slot];
      } else if (!answered[slot]) {
        throw new IllegalStateException("ServedRows: slot " + slot + " has no row");
      }
    }
    return scalars.withEntries(offsets, ids, logProbs, provenance);
  }
}
