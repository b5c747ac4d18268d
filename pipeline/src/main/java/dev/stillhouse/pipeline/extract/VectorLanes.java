package dev.stillhouse.pipeline.extract;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.FloatBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Lanes} by the Vector API: 8 or 16 hardware lanes (4 if there are no more), the same bits.
 *
 * <p><b>Why it is fast.</b> Two things bound a row: its way from memory, and about 14 instructions
 * a vector, of which 8 multiply and add. Touching the next tile's lines between the computations of
 * this one hides the first behind the second: V = 151,936 takes 42-44 us a row in the loops alone,
 * 39 when nothing comes from memory, on JDK 17 as on 25 (AVX-512, where a mere copy from memory
 * takes 23). What lost, us a row in the same place:
 *
 * <ul>
 *   <li>no touching: 50 on 25, 84 on 17. Touching two tiles ahead: 64
 *   <li>float comparison and blend for the bound of y and the maxima, also without touching: 53 on
 *       25, 84 on 17. In the selection of the maxima such a mask was an object, 3 KB a tile
 *   <li>two vectors an iteration in {@link #runs}: 76 on 25, 226 on 17: past what is inlined. In
 *       {@link #maxima}, which is short, several are better by 2
 *   <li>the compensated sums one after the other: 2 more on 25, 5 on 17
 *   <li>compensation inside the loop of a block: 45 on 25; after each pair of vectors: 69
 *   <li>exp(-y) stored to the tile and summed in a loop of its own: 61
 *   <li>no compensation at all and one flat loop: 39 on 25, 71 on 17, and 5e-6 nat off in the worst
 *       case
 *   <li>bfloat16 widened in a loop before that of the maxima, not in it: 5 more
 * </ul>
 *
 * <p>What did not pay, in a row of processor time where the kernel as it is takes 62 (k = 64) and
 * 53 when nothing comes from memory:
 *
 * <ul>
 *   <li>the maxima of the next tile in the loop of this one's masses, over two tiles that take
 *       turns. In C it hides the maxima altogether (33 us a row for 43 hot, 37 for 44 cold, tiles
 *       of 1,024). Compiled from Java it is 42 for 46 hot (k = 1), and cold 86 with tiles of 2,048,
 *       which the first-level cache does not hold twice, and 63-72 of 1,024
 *   <li>compensated sums in registers from tile to tile: 79 hot, 148 on JDK 17: past what is
 *       inlined
 *   <li>touching without a shift, so that no bound is checked: 1 less
 *   <li>the k-th best group of the first 64 k logits as the first bar: a fifth fewer contenders for
 *       as much more reading
 * </ul>
 *
 * <p><b>Both {@code maxima} must be longer than 325 bytecodes</b>, hence four vectors an iteration:
 * the JVM inlines shorter methods into frequent callers, and when it had inlined these into {@code
 * load} or {@code extract} it gave up midway and made objects of the vectors: 220-240 us a row, on
 * both JDKs, with a second caller or with rows of both types in one process.
 *
 * <p>The touched buffers must be of one class in the whole process, or the touch becomes a virtual
 * call: hence {@link dev.stillhouse.pipeline.teacher.LogitBuffer#words}. Rows on the heap are not
 * touched.
 */
final class VectorLanes implements Lanes {
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() >= WIDTH
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED.length() == WIDTH / 2
              ? FloatVector.SPECIES_256
              : FloatVector.SPECIES_128;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Vectors of the same number of lanes, each of half the width. */
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  private static final int LENGTH = FLOATS.length();

  private static final int NONE = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);
  private static final int MAX_BITS = Float.floatToRawIntBits(MAX);

  @Override
  public float maxima(float[] tile, int n, float[] groups) {
    checkArgument(n % BLOCK == 0 && n <= TILE, "VectorLanes: %s values", n);
    int max = NONE;
    int min = NONE;
    for (int first = 0; first < WIDTH; first += LENGTH) {
      IntVector none = IntVector.broadcast(INTS, NONE);
      IntVector all = none;
      IntVector allLeast = none;
      for (int g = first; g < GROUPS; g += 2 * WIDTH) {
        IntVector most1 = none;
        IntVector least1 = none;
        IntVector most2 = none;
        IntVector least2 = none;
        for (int i = g; i < n; i += 2 * GROUPS) {
          IntVector x1 = bits(tile, i);
          IntVector x2 = bits(tile, i + WIDTH);
          IntVector x3 = bits(tile, i + GROUPS);
          IntVector x4 = bits(tile, i + GROUPS + WIDTH);
          most1 = most1.max(x1).max(x3);
          least1 = least1.min(x1).min(x3);
          most2 = most2.max(x2).max(x4);
          least2 = least2.min(x2).min(x4);
        }
        larger(most1, least1).intoArray(groups, g);
        larger(most2, least2).intoArray(groups, g + WIDTH);
        all = all.max(most1).max(most2);
        allLeast = allLeast.min(least1).min(least2);
      }
      larger(all, allLeast).intoArray(groups, GROUPS + first);
      max = Math.max(max, all.reduceLanes(VectorOperators.MAX));
      min = Math.min(min, allLeast.reduceLanes(VectorOperators.MIN));
    }
    return Float.intBitsToFloat(max < 0 ? min : max);
  }

  @Override
  public float maxima(short[] values, float[] tile, float[] groups) {
    int max = NONE;
    int min = NONE;
    for (int first = 0; first < WIDTH; first += LENGTH) {
      IntVector none = IntVector.broadcast(INTS, NONE);
      IntVector all = none;
      IntVector allLeast = none;
      for (int g = first; g < GROUPS; g += 2 * WIDTH) {
        IntVector most1 = none;
        IntVector least1 = none;
        IntVector most2 = none;
        IntVector least2 = none;
        for (int i = g; i < TILE; i += 2 * GROUPS) {
          IntVector x1 = wide(values, i, tile);
          IntVector x2 = wide(values, i + WIDTH, tile);
          IntVector x3 = wide(values, i + GROUPS, tile);
          IntVector x4 = wide(values, i + GROUPS + WIDTH, tile);
          most1 = most1.max(x1).max(x3);
          least1 = least1.min(x1).min(x3);
          most2 = most2.max(x2).max(x4);
          least2 = least2.min(x2).min(x4);
        }
        larger(most1, least1).intoArray(groups, g);
        larger(most2, least2).intoArray(groups, g + WIDTH);
        all = all.max(most1).max(most2);
        allLeast = allLeast.min(least1).min(least2);
      }
      larger(all, allLeast).intoArray(groups, GROUPS + first);
      max = Math.max(max, all.reduceLanes(VectorOperators.MAX));
      min = Math.min(min, allLeast.reduceLanes(VectorOperators.MIN));
    }
    return Float.intBitsToFloat(max < 0 ? min : max);
  }

  /** Writes float32 values to the tile, and returns their bits. */
  private static IntVector wide(short[] values, int i, float[] tile) {
    IntVector bits =
        ShortVector.fromArray(SHORTS, values, i)
            .convertShape(VectorOperators.S2I, INTS, 0)
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, 16);
    bits.reinterpretAsFloats().intoArray(tile, i);
    return bits;
  }

  private static IntVector bits(float[] tile, int i) {
    return FloatVector.fromArray(FLOATS, tile, i).reinterpretAsInts();
  }

  /** Returns the smallest bits if all are negative, else the largest. A mask would be an object. */
  private static FloatVector larger(IntVector max, IntVector min) {
    IntVector negative = max.lanewise(VectorOperators.ASHR, 31); // all ones, or 0
    return max.lanewise(VectorOperators.XOR, max.lanewise(VectorOperators.XOR, min).and(negative))
        .reinterpretAsFloats();
  }

  @Override
  public void masses(
      float[] tile, int n, float reference, FloatBuffer ahead, int from, int shift, Sums into) {
    for (int first = 0; first < WIDTH; first += LENGTH) {
      runs(tile, n, reference, ahead, from, shift, first, into);
      sum(into, n / RUN, first);
    }
  }

  private static void runs(
      float[] tile,
      int n,
      float reference,
      FloatBuffer ahead,
      int from,
      int shift,
      int first,
      Sums into) {
    FloatVector top = FloatVector.broadcast(FLOATS, reference);
    float[] massRuns = into.massRuns;
    float[] weightedRuns = into.weightedRuns;
    int touched = 0;
    for (int block = first, at = first; block < n; block += BLOCK, at += WIDTH) {
      FloatVector mass = FloatVector.zero(FLOATS);
      FloatVector weighted = mass;
      for (int i = block; i < block + BLOCK; i += WIDTH) {
        FloatVector y =
            top.sub(FloatVector.fromArray(FLOATS, tile, i))
                .reinterpretAsInts()
                .min(MAX_BITS)
                .reinterpretAsFloats();
        FloatVector e = exp(y);
        mass = mass.add(e);
        weighted = e.fma(y, weighted);
        touched += Float.floatToRawIntBits(ahead.get(from + (i >>> shift)));
      }
      mass.intoArray(massRuns, at);
      weighted.intoArray(weightedRuns, at);
    }
    into.touched = touched;
  }

  /** Returns exp(-y). */
  private static FloatVector exp(FloatVector y) {
    FloatVector round = all(ROUND);
    FloatVector shifted = y.fma(all(-LOG2_E), round);
    FloatVector f = shifted.sub(round).fma(all(LN_2), y);
    FloatVector p = f.fma(all(-C5), all(C4));
    p = p.fma(f, all(-C3));
    p = p.fma(f, all(C2));
    p = p.fma(f, all(-C1));
    p = p.fma(f, all(1));
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /**
   * Computes both sums in one loop: the additions of one wait for each other, and the other's go
   * between.
   */
  private static void sum(Sums into, int n, int first) {
    FloatVector mass = FloatVector.zero(FLOATS);
    FloatVector massExcess = mass;
    FloatVector weighted = mass;
    FloatVector weightedExcess = mass;
    for (int i = first; i < n; i += WIDTH) {
      FloatVector m = FloatVector.fromArray(FLOATS, into.massRuns, i).sub(massExcess);
      FloatVector w = FloatVector.fromArray(FLOATS, into.weightedRuns, i).sub(weightedExcess);
      FloatVector nextMass = mass.add(m);
      FloatVector nextWeighted = weighted.add(w);
      massExcess = nextMass.sub(mass).sub(m);
      weightedExcess = nextWeighted.sub(weighted).sub(w);
      mass = nextMass;
      weighted = nextWeighted;
    }
    mass.intoArray(into.mass, first);
    weighted.intoArray(into.weighted, first);
  }

  @Override
  public String toString() {
    return LENGTH + " lanes";
  }
}
