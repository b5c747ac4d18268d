package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import java.util.Arrays;

/**
 * Draws ids from softmax(x / T) without another pass over the row: the sums that the pass has made
 * of each tile tell in which tile a draw falls, those of its lanes in which block of {@value
 * Lanes#BLOCK} ids, and only that block is read again.
 *
 * <p>A draw is the inverse of the cumulative distribution over ids in ascending order, at one of
 * {@link Uniforms}' numbers: the first id at which the mass up to it exceeds the number. Contenders
 * were taken out of their tiles before these were summed, so their masses are added here.
 */
final class TileSampler {
  private static final int RUNS = Lanes.TILE / Lanes.RUN;
  private static final int BLOCKS = Lanes.TILE / Lanes.BLOCK;

  /** What a tile of -inf alone is below, relative to the row's largest mass, which is 1. */
  private static final double NOTHING = 1e-30;

  private static final int CHUNK = 16;
  private static final int CHUNKS = Lanes.BLOCK / CHUNK;

  /** Above what exp gives for -inf: nothing lighter is ever drawn. */
  private static final float LEAST_WEIGHT = 1e-37f;

  private final Lanes lanes;
  private final int vocabulary;
  private final Uniforms uniforms;
  private final double temperature;
  private final float inverse;
  private final float[] runs;
  private final float[] references;
  private final double[] tileMass;
  private final double[] blockContenders;
  private int[] contenderIds = new int[256];
  private float[] contenders = new float[256];
  private int taken;

  private final double[] blocks = new double[BLOCKS];
  private double blocksMass;
  private int blocksOf;
  private final float[] logits = new float[Lanes.BLOCK];
  private final float[] weights = new float[Lanes.BLOCK];
  private final double[] chunks = new double[CHUNKS];
  private double chunksMass;
  private int weighedBlock;

  TileSampler(int vocabulary, Sample sample, Lanes lanes) {
    this.lanes = lanes;
    this.vocabulary = vocabulary;
    this.uniforms = new Uniforms(sample.seed(), sample.draws());
    this.temperature = sample.temperature();
    this.inverse = (float) (1 / temperature);
    int tiles = (vocabulary + Lanes.TILE - 1) / Lanes.TILE;
    this.runs = new float[tiles * RUNS];
    this.references = new float[tiles];
    this.tileMass = new double[tiles];
    this.blockContenders = new double[tiles * BLOCKS];
  }

  void clear() {
    taken = 0;
  }

  /**
   * Keeps the sums of a tile.
   *
   * @param n values of the tile, padding included
   * @param reference what they are relative to
   */
  void tile(int index, int n, Lanes.Sums sums, float reference) {
    int count = n / Lanes.RUN;
    System.arraycopy(sums.massRuns, 0, runs, index * RUNS, count);
    Arrays.fill(runs, index * RUNS + count, (index + 1) * RUNS, 0);
    tileMass[index] = Masses.total(sums.mass);
    references[index] = reference;
  }

  /** Says that a tile, the first or all before it like it, has nothing but -inf. */
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
   * Draws when all tiles and all dropped logits are there.
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
    blocksOf = -1;
    weighedBlock = -1;
    int tile = 0;
    double before = 0;
    for (double uniform : uniforms.ascending(sequence, position)) {
      double at = uniform * total;
      while (at >= before + tileMass[tile] && heavier(tileMass, tile, tileMass.length)) {
        before += tileMass[tile++];
      }
      int id = drawIn(tile, (at - before) / tileMass[tile], rows, from, max);
      into.add(id, rows.get(from + id), Reason.SAMPLED);
    }
  }

  /** Whether an element behind this one has mass: rounding never leads to one that has none. */
  private static boolean heavier(double[] masses, int at, int length) {
    for (int i = at + 1; i < length; i++) {
      if (masses[i] > 0) {
        return true;
      }
    }
    return false;
  }

  /** Makes all masses relative to {@code max}; returns their sum. */
  private double weigh(float max) {
    Arrays.fill(blockContenders, 0);
    for (int j = 0; j < taken; j++) {
      blockContenders[contenderIds[j] / Lanes.BLOCK] += mass(contenders[j], max);
    }
    double total = 0;
    double scale = 1;
    for (int t = 0; t < tileMass.length; t++) {
      if (t == 0 || references[t] != references[t - 1]) {
        scale = scale(t, max);
      }
      double mass = tileMass[t] * scale;
      for (int b = 0; b < BLOCKS; b++) {
        mass += blockContenders[t * BLOCKS + b];
      }
      tileMass[t] = mass < NOTHING ? 0 : mass;
      total += tileMass[t];
    }
    return total;
  }

  private double scale(int tile, float max) {
    return StrictMath.exp(((double) references[tile] - max) / temperature);
  }

  private double mass(float logit, float max) {
    return logit == Float.NEGATIVE_INFINITY ? 0 : PlainLanes.mass((max - logit) * inverse);
  }

  private int drawIn(int tile, double share, LogitBuffer rows, int from, float max) {
    if (blocksOf != tile) {
      blocksOf = tile;
      blocksMass = 0;
      double scale = scale(tile, max);
      for (int b = 0; b < BLOCKS; b++) {
        double mass = 0;
        for (int i = 0; i < Lanes.WIDTH; i++) {
          mass += runs[tile * RUNS + b * Lanes.WIDTH + i];
        }
        mass = mass * scale + blockContenders[tile * BLOCKS + b];
        blocks[b] = mass < NOTHING ? 0 : mass;
        blocksMass += blocks[b];
      }
    }
    double left = share * blocksMass;
    int block = 0;
    while (left >= blocks[block] && heavier(blocks, block, BLOCKS)) {
      left -= blocks[block++];
    }
    return drawIn(tile * BLOCKS + block, left / blocks[block], max, rows, from);
  }

  private int drawIn(int block, double share, float max, LogitBuffer rows, int from) {
    if (weighedBlock != block) {
      weighedBlock = block;
      weigh(block, max, rows, from);
    }
    double left = share * chunksMass;
    int chunk = 0;
    while (left >= chunks[chunk] && heavier(chunks, chunk, CHUNKS)) {
      left -= chunks[chunk++];
    }
    int drawn = -1;
    for (int i = chunk * CHUNK; i < (chunk + 1) * CHUNK; i++) {
      if (weights[i] > LEAST_WEIGHT) {
        drawn = i;
        if (left < weights[i]) {
          break;
        }
      }
      left -= weights[i];
    }
    return block * Lanes.BLOCK + drawn;
  }

  /** Exponentiates the logits of a block, and sums them in chunks. */
  private void weigh(int block, float max, LogitBuffer rows, int from) {
    int first = block * Lanes.BLOCK;
    int n = Math.min(Lanes.BLOCK, vocabulary - first);
    rows.get(from + first, logits, n);
    Arrays.fill(logits, n, Lanes.BLOCK, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < Lanes.BLOCK; i++) {
      logits[i] = (max - logits[i]) * inverse;
    }
    lanes.exp(logits, weights);
    chunksMass = 0;
    for (int c = 0; c < CHUNKS; c++) {
      double sum = 0;
      for (int i = c * CHUNK; i < (c + 1) * CHUNK; i++) {
        sum += weights[i];
      }
      chunks[c] = sum < CHUNK * LEAST_WEIGHT ? 0 : sum;
      chunksMass += chunks[c];
    }
  }
}
