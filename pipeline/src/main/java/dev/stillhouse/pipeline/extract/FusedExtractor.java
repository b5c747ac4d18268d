package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Bfloat16Logits;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.TopP;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fast {@link Extractor}: one pass over the row, a tile at a time through {@link Lanes}. Logits
 * that may be among the k best are taken out of their tile ({@link Contenders}) before the other
 * masses are summed, so the tail is a sum of its own and not a difference. Contenders that lost are
 * added at the end, and then the kept ones. What a union keeps besides the best is subtracted. If
 * that cancellation leaves less than 1/16 of the sum, the tail is summed directly. Compared with a
 * compensated double sum, log S is within 1e-6 nat.
 *
 * <p><b>Why it is fast.</b> Of a row's 60-65 us of processor time (V = 151,936, k = 64, normal
 * logits, JDK 25, where a bare copy from memory takes 23-30) the loops of {@code VectorLanes} are
 * 44; the rest goes to the best: about 500 contenders a row, six selections of 64 among 128, 0.5 us
 * each, and a sort, 1.2 us. What lost, us a row: a branch for each comparison with the bar 80; the
 * bits of a group in a rolled loop, not four at a time, 70; Hoare's partition beside that 79; a
 * vector comparison of the maxima with a mask 89; a slack of 192 before a selection 66, of 24 63;
 * tiles of 4,096 85.
 *
 * <p>The choice of {@link Lanes} changes no bit. The order in which contenders are found, and when
 * they are thinned out, does: changing it is a new arithmetic.
 */
final class FusedExtractor implements Extractor {
  /** The name of this arithmetic. */
  static final String ARITHMETIC = "lanes16-1";

  /**
   * Min share of a sum that must remain after a subtraction. Less is mostly rounding, so that the
   * rest is summed directly.
   */
  private static final double MIN_LEFT = 1.0 / 16;

  /**
   * A tail below this is summed relative to its own maximum, since the masses of -inf count in it.
   */
  private static final double MIN_TAIL = 0x1p-80;

  /** -inf as bfloat16. */
  private static final short NO_LOGIT = (short) 0xFF80;

  private final Selection selection;
  private final boolean topKAlone;
  private final int vocabulary;
  private final Lanes lanes;
  private final float[] tile = new float[Lanes.TILE];

  /** A tile of bfloat16 values before they are widened. */
  private final short[] narrow = new short[Lanes.TILE];

  private final float[] groups = new float[Lanes.GROUPS + Lanes.WIDTH];
  private final Lanes.Sums sums = new Lanes.Sums();
  private final Contenders contenders;
  private final ExpSums masses = new ExpSums();
  private final Temperatures temperatures;
  private final @Nullable TileSampler sampler;
  private final Union union;

  /** Creates an extractor of the k best of {@code vocabulary} ids. */
  FusedExtractor(int vocabulary, int k, Lanes lanes) {
    this(Selection.topK(vocabulary, k), lanes);
  }

  /** Creates an extractor of a selection. */
  FusedExtractor(Selection selection, Lanes lanes) {
    this.selection = selection;
    this.topKAlone = selection.isTopK();
    this.vocabulary = selection.vocabulary();
    this.lanes = lanes;
    this.contenders = new Contenders(Math.max(1, selection.spec().maxTop()));
    this.temperatures = new Temperatures(selection.spec(), lanes);
    this.sampler = selection.spec().sample().map(s -> new TileSampler(vocabulary, s)).orElse(null);
    this.union = new Union(selection);
  }

  @Override
  public String arithmetic() {
    return ARITHMETIC;
  }

  @Override
  public void extract(
      LogitBuffer rows, int from, int target, long sequence, int position, RowStatistic into) {
    contenders.clear();
    masses.clear();
    temperatures.clear();
    if (sampler != null) {
      sampler.clear();
    }
    for (int at = 0; at < vocabulary; at += Lanes.TILE) {
      float max = load(rows, from, at);
      if (!(max < Float.POSITIVE_INFINITY)) {
        throw RowErrors.in(rows, from, vocabulary);
      }
      contenders.take(tile, at, groups);
      masses.reach(max);
      sum(padded(at), rows, from, at + Lanes.TILE);
      if (sampler != null) {
        keepSums(sampler, at / Lanes.TILE, padded(at));
      }
      if (contenders.crowded()) {
        drop(rows, from);
      }
    }
    if (masses.reference() == Float.NEGATIVE_INFINITY) {
      throw RowErrors.empty(vocabulary);
    }
    drop(rows, from);
    contenders.sort();
    finish(rows, from, target, sequence, position, into);
  }

  private void finish(
      LogitBuffer rows, int from, int target, long sequence, int position, RowStatistic into) {
    double max = masses.reference();
    double rest = masses.mass();
    sumContenders(rows, from);
    double logSum = StrictMath.log(masses.mass());
    into.entropy = (float) (logSum + masses.weighted() / masses.mass());
    into.logNormaliser = (float) (max + logSum);
    into.targetLogProb =
        target == TokenBatch.NO_TARGET
            ? Float.NaN
            : (float) ((rows.get(from + target) - max) - logSum);
    double tail = rest;
    union.clear();
    if (topKAlone) {
      union.takeAll(contenders);
    } else {
      unite(rows, from, target, sequence, position);
      tail = tail(rest);
    }
    union.write(into);
    for (int j = 0; j < into.count; j++) {
      into.logProbs[j] = (float) ((union.logit(j) - max) - logSum);
    }
    temperatures.finish(max, union, into);
    boolean faint = tail < MIN_TAIL || tail < rest * MIN_LEFT;
    double logTail = faint ? faintTail(rows, from, max) : StrictMath.log(tail);
    into.logTail = (float) (logTail - logSum);
  }

  private void unite(LogitBuffer rows, int from, int target, long sequence, int position) {
    StatisticSpec spec = selection.spec();
    addTop(spec);
    if (sampler != null) {
      sampler.draw(rows, from, contenders, masses.reference(), sequence, position, union);
    }
    for (int i = 0; i < selection.forced().length(); i++) {
      int id = selection.forced().get(i);
      union.add(id, rows.get(from + id), Reason.FORCED);
    }
    if (spec.target() && target != TokenBatch.NO_TARGET) {
      union.add(target, rows.get(from + target), Reason.TARGET);
    }
    union.sort();
  }

  private void addTop(StatisticSpec spec) {
    int max = spec.topP().map(TopP::max).orElse(0);
    double enough = spec.topP().map(p -> p.enough(masses.mass())).orElse(0.0);
    double mass = 0;
    for (int j = 0; j < contenders.size(); j++) {
      if (j >= spec.topK() && (j >= max || mass >= enough)) {
        break;
      }
      mass += mass(contenders.logit(j));
      union.add(contenders.id(j), contenders.logit(j), Reason.TOP);
    }
  }

  /**
   * Returns the mass that is in no entry.
   *
   * @param rest mass of all logits that were no contenders
   */
  private double tail(double rest) {
    double tail = rest;
    for (int j = 0; j < contenders.size(); j++) {
      tail += union.has(contenders.id(j)) ? 0 : mass(contenders.logit(j));
    }
    long worst = contenders.key(contenders.size() - 1);
    for (int j = union.size() - 1; j >= 0 && union.key(j) > worst; j--) {
      tail -= mass(union.logit(j)); // No contender, so the rest has it.
    }
    return tail;
  }

  private double mass(float logit) {
    return logit == Float.NEGATIVE_INFINITY ? 0 : PlainLanes.mass(masses.reference() - logit);
  }

  private void keepSums(TileSampler sampler, int tileIndex, int n) {
    if (masses.reference() == Float.NEGATIVE_INFINITY) {
      sampler.emptyTile(tileIndex);
    } else {
      sampler.tile(tileIndex, n, temperatures.proposal(sums), masses.reference());
    }
  }

  /** Sums the masses of the best, which were taken out of their tiles. */
  private void sumContenders(LogitBuffer rows, int from) {
    for (int j = 0; j < contenders.size(); j += Lanes.TILE) {
      int n = Math.min(Lanes.TILE, contenders.size() - j);
      for (int i = 0; i < n; i++) {
        tile[i] = contenders.logit(j + i);
      }
      sum(pad(n), rows, from, 0);
    }
  }

  /**
   * Returns the log of the sum of exp(x - max) over ids that are no entries, with their largest
   * factored out.
   */
  private double faintTail(LogitBuffer rows, int from, double max) {
    masses.clear();
    for (int at = 0; at < vocabulary; at += Lanes.TILE) {
      load(rows, from, at);
      int n = padded(at);
      for (int j = 0; j < union.size(); j++) {
        int i = union.id(j) - at;
        if (i >= 0 && i < n) {
          tile[i] = Float.NEGATIVE_INFINITY;
        }
      }
      masses.reach(lanes.maxima(tile, n, groups));
      sum(n, rows, from, at + Lanes.TILE);
    }
    return masses.reference() == Float.NEGATIVE_INFINITY
        ? Double.NEGATIVE_INFINITY
        : (masses.reference() - max) + StrictMath.log(masses.mass());
  }

  /** Sums the masses of dropped contenders. */
  private void drop(LogitBuffer rows, int from) {
    contenders.drop();
    if (sampler != null) {
      sampler.dropped(contenders);
    }
    for (int n = contenders.nextDropped(tile); n > 0; n = contenders.nextDropped(tile)) {
      sum(pad(n), rows, from, 0);
    }
  }

  /** Copies a tile from the row and finds its maxima; returns the largest. */
  private float load(LogitBuffer rows, int from, int at) {
    int n = Math.min(Lanes.TILE, vocabulary - at);
    if (rows instanceof Bfloat16Logits values) {
      values.get(from + at, narrow, n);
      Arrays.fill(narrow, n, Lanes.TILE, NO_LOGIT);
      return lanes.maxima(narrow, tile, groups);
    }
    rows.get(from + at, tile, n);
    Arrays.fill(tile, n, Lanes.TILE, Float.NEGATIVE_INFINITY);
    return lanes.maxima(tile, padded(at), groups);
  }

  /** Returns the length of the tile that begins at {@code at}, with padding. */
  private int padded(int at) {
    return Math.min(Lanes.TILE, (vocabulary - at + Lanes.BLOCK - 1) / Lanes.BLOCK * Lanes.BLOCK);
  }

  private int pad(int n) {
    int padded = (n + Lanes.BLOCK - 1) / Lanes.BLOCK * Lanes.BLOCK;
    Arrays.fill(tile, n, padded, Float.NEGATIVE_INFINITY);
    return padded;
  }

  /**
   * Sums the tile's masses.
   *
   * @param next where the next tile begins; after a row's last tile usually the next row
   */
  private void sum(int n, LogitBuffer rows, int from, int next) {
    boolean there = next > 0 && from + next <= rows.size() - n;
    int word = there ? rows.word(from + next) : -1;
    int shift = word < 0 ? Lanes.STAY : rows.width() == Float.BYTES ? 0 : 1;
    // While all was -inf the reference is any: the sums say only whether there is a NaN.
    boolean none = masses.reference() == Float.NEGATIVE_INFINITY;
    float reference = none ? 0 : masses.reference();
    lanes.masses(tile, n, reference, rows.words(), Math.max(word, 0), shift, sums);
    if (!masses.add(sums)) {
      throw RowErrors.in(rows, from, vocabulary);
    }
    if (none) {
      masses.clear();
    } else {
      temperatures.add(tile, n, reference);
    }
  }
}
