package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import java.util.Arrays;

/**
 * Draws ids from softmax(x / T) without another pass over the row: the pass's sums of each tile,
 * block and lane show in which {@value Lanes#RUN} logits a draw falls, and only these are read
 * again.
 *
 * <p>A draw is the inverse of the cumulative distribution at one of {@link Uniforms}' numbers, over
 * ids in the order of {@link #place}: the first id at which the mass up to it exceeds the number.
 * Contenders were taken out of their tiles before these were summed, so their masses are added
 * here.
 *
 * <p>50 draws take 30 us a row (V = 151,936, JDK 25, where the 64 best alone take 66), 15 of it
 * however few they are. What lost: order by id alone, which needs the {@value Lanes#BLOCK}
 * exponentials of a block for a draw, 40; the same by the Vector API, 31, and so deep below the
 * row's method the JVM makes objects of vectors; a hash table in place of {@link Union}'s arrays
 * over the vocabulary, no difference.
 */
final class TileSampler {
  private static final int RUNS = Lanes.TILE / Lanes.RUN;
  private static final int BLOCKS = Lanes.TILE / Lanes.BLOCK;

  /** Upper bound of the mass of a tile of -inf, relative to the row's largest mass, which is 1. */
  private static final double NOTHING = 1e-30;

  private final int vocabulary;
  private final Uniforms uniforms;
  private final double temperature;
  private final float inverse;

  /** Sums of each lane's runs, contenders apart. */
  private final float[] runs;

  /** Mass of the contenders in each run. */
  private final double[] runContenders;

  /** Reference of {@link #runs}, and the factor by which that makes them too large. */
  private final float[] references;

  private final double[] scales;

  private final double[] tileMass;
  private int[] contenderIds = new int[256];
  private float[] contenders = new float[256];
  private int taken;

  private final double[] blocks = new double[BLOCKS];
  private double blocksMass;
  private final double[] lanes = new double[Lanes.WIDTH];
  private final double[] weights = new double[Lanes.RUN];

  TileSampler(int vocabulary, Sample sample) {
    this.vocabulary = vocabulary;
    this.uniforms = new Uniforms(sample.seed(), sample.draws());
    this.temperature = sample.temperature();
    this.inverse = (float) (1 / temperature);
    int tiles = (vocabulary + Lanes.TILE - 1) / Lanes.TILE;
    this.runs = new float[tiles * RUNS];
    this.runContenders = new double[tiles * RUNS];
    this.references = new float[tiles];
    this.scales = new double[tiles];
    this.tileMass = new double[tiles];
  }

  /** Returns the place of an id in the order of draws: by block, in it by lane, in it by id. */
  static int place(int id) {
    return id / Lanes.BLOCK * Lanes.BLOCK
        + id % Lanes.WIDTH * Lanes.RUN
        + id % Lanes.BLOCK / Lanes.WIDTH;
  }

  /** Returns the id at a place. */
  static int at(int place) {
    return place / Lanes.BLOCK * Lanes.BLOCK
        + place % Lanes.RUN * Lanes.WIDTH
        + place % Lanes.BLOCK / Lanes.RUN;
  }

  void clear() {
    taken = 0;
  }

  /**
   * Stores the sums of a tile.
   *
   * @param n values of the tile, padding included
   * @param reference of the sums
   */
  void tile(int index, int n, Lanes.Sums sums, float reference) {
    int count = n / Lanes.RUN;
    System.arraycopy(sums.massRuns, 0, runs, index * RUNS, count);
    Arrays.fill(runs, index * RUNS + count, (index + 1) * RUNS, 0);
    tileMass[index] = ExpSums.total(sums.mass);
    references[index] = reference;
  }

  /** Marks a tile as holding only -inf. */
  void emptyTile(int index) {
    Arrays.fill(runs, index * RUNS, (index + 1) * RUNS, 0);
    tileMass[index] = 0;
    references[index] = Float.NEGATIVE_INFINITY;
  }

  /** Adds the logits that were taken out of their tiles and are dropped now. */
  void dropped(Contenders from) {
    for (int j = 0; j < from.dropped(); j++) {
      contender(from.droppedId(j), from.droppedLogit(j));
    }
  }

  private void contender(int id, float logit) {
    if (taken == contenders.length) {
      contenders = Arrays.copyOf(contenders, 2 * taken);
      contenderIds = Arrays.copyOf(contenderIds, 2 * taken);
    }
    contenders[taken] = logit;
    contenderIds[taken++] = id;
  }

  /**
   * Draws. All tiles and all dropped logits must have been added.
   *
   * @param best the contenders that were never dropped
   * @param max the row's largest logit
   */
  void draw(
      LogitBuffer rows,
      int from,
      Contenders best,
      float max,
      long sequence,
      int position,
      Union into) {
    for (int j = 0; j < best.size(); j++) {
      contender(best.id(j), best.logit(j));
    }
    double total = weigh(max);
    int tile = 0;
    int summed = -1;
    double before = 0;
    for (double uniform : uniforms.ascending(sequence, position)) {
      double at = uniform * total;
      while (at >= before + tileMass[tile] && heavier(tileMass, tile)) {
        before += tileMass[tile++];
      }
      if (summed != tile) {
        summed = tile;
        sumBlocks(tile);
      }
      int id = drawIn(tile, (at - before) / tileMass[tile] * blocksMass, rows, from, max);
      into.add(id, rows.get(from + id), Reason.SAMPLED);
    }
    for (int j = 0; j < taken; j++) {
      runContenders[place(contenderIds[j]) / Lanes.RUN] = 0;
    }
  }

  /**
   * Returns whether an element behind this one has mass. Rounding must not lead to one that has
   * none.
   */
  private static boolean heavier(double[] masses, int at) {
    for (int i = at + 1; i < masses.length; i++) {
      if (masses[i] > 0) {
        return true;
      }
    }
    return false;
  }

  /** Makes all masses of tiles relative to {@code max}; returns their sum. */
  private double weigh(float max) {
    for (int t = 0; t < tileMass.length; t++) {
      scales[t] =
          t > 0 && references[t] == references[t - 1]
              ? scales[t - 1]
              : StrictMath.exp(((double) references[t] - max) / temperature);
      tileMass[t] *= scales[t];
    }
    for (int j = 0; j < taken; j++) {
      double mass = mass(contenders[j], max);
      runContenders[place(contenderIds[j]) / Lanes.RUN] += mass;
      tileMass[contenderIds[j] / Lanes.TILE] += mass;
    }
    double total = 0;
    for (int t = 0; t < tileMass.length; t++) {
      tileMass[t] = tileMass[t] < NOTHING ? 0 : tileMass[t];
      total += tileMass[t];
    }
    return total;
  }

  private double mass(float logit, float max) {
    return logit == Float.NEGATIVE_INFINITY ? 0 : PlainLanes.mass((max - logit) * inverse);
  }

  private void sumBlocks(int tile) {
    blocksMass = 0;
    for (int b = 0; b < BLOCKS; b++) {
      double mass = 0;
      for (int i = 0; i < Lanes.WIDTH; i++) {
        mass += laneMass(tile, b, i);
      }
      blocks[b] = mass < NOTHING ? 0 : mass;
      blocksMass += blocks[b];
    }
  }

  private double laneMass(int tile, int block, int lane) {
    int run = tile * RUNS + block * Lanes.WIDTH + lane;
    return runs[run] * scales[tile] + runContenders[run];
  }

  /** Returns the id at which {@code left} of a tile's mass ends. */
  private int drawIn(int tile, double left, LogitBuffer rows, int from, float max) {
    int block = 0;
    while (left >= blocks[block] && heavier(blocks, block)) {
      left -= blocks[block++];
    }
    for (int i = 0; i < Lanes.WIDTH; i++) {
      double mass = laneMass(tile, block, i);
      lanes[i] = mass < NOTHING / Lanes.WIDTH ? 0 : mass;
    }
    int lane = 0;
    while (left >= lanes[lane] && heavier(lanes, lane)) {
      left -= lanes[lane++];
    }
    int place = tile * Lanes.TILE + block * Lanes.BLOCK + lane * Lanes.RUN;
    for (int i = 0; i < Lanes.RUN; i++) {
      int id = at(place + i);
      weights[i] = id < vocabulary ? mass(rows.get(from + id), max) : 0;
    }
    int i = 0;
    while ((left >= weights[i] || weights[i] == 0) && heavier(weights, i)) {
      left -= weights[i++];
    }
    return at(place + i);
  }
}
