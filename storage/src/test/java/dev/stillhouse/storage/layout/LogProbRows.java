package dev.stillhouse.storage.layout;

import java.util.Arrays;
import java.util.Random;

/** Log-probs of the kept entries of a position: as teachers give them, and as none should. */
final class LogProbRows {
  /** What single entries may be turned into. */
  private static final float[] ODD = {
    0,
    -0f,
    -Float.MIN_VALUE,
    -1e-40f,
    -1e-30f,
    -6e-8f,
    -1e-7f,
    1e-6f,
    -999.99f,
    -1000.01f,
    -65504,
    -1e5f,
    -0x1p18f,
    -0x1p-46f,
    -1e9f,
    -Float.MAX_VALUE,
    Float.NEGATIVE_INFINITY
  };

  private LogProbRows() {}

  /**
   * A row of {@code n} entries.
   *
   * @param union whether it may be in any order, as drawn and forced entries are
   */
  static float[] any(Random random, int n, boolean union) {
    float[] row = new float[n];
    switch (random.nextInt(6)) {
      case 0, 1 -> softmax(random, row, random.nextDouble() * 6);
      case 2 -> nearlyCertain(random, row);
      case 3 -> Arrays.fill(row, (float) -Math.log(1 + random.nextInt(200_000))); // ties
      case 4 -> widening(random, row);
      default -> {
        for (int i = 0; i < n; i++) {
          row[i] = (float) -Math.exp(random.nextGaussian() * 9);
        }
      }
    }
    sortDescending(row);
    if (random.nextInt(3) == 0) {
      for (int i = 0; i < n; i++) {
        row[i] = random.nextInt(4) == 0 ? ODD[random.nextInt(ODD.length)] : row[i];
      }
    }
    if (union && random.nextBoolean()) {
      for (int i = n - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        float swapped = row[i];
        row[i] = row[other];
        row[other] = swapped;
      }
    }
    return row;
  }

  /** The best of a distribution over a thousand ids, logits of some deviation. */
  private static void softmax(Random random, float[] row, double deviation) {
    double[] logits = random.doubles(1000).map(u -> random.nextGaussian() * deviation).toArray();
    Arrays.sort(logits);
    double max = logits[logits.length - 1];
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (logits[logits.length - 1 - i] - max - Math.log(sum));
    }
  }

  /** One entry has all but 1e-7 of the mass, the others share that or have none. */
  private static void nearlyCertain(Random random, float[] row) {
    for (int i = 0; i < row.length; i++) {
      float rest = (float) (Math.log(1e-7) - random.nextDouble() * 30);
      row[i] =
          i == 0
              ? (float) Math.log1p(-1e-7)
              : random.nextInt(3) == 0 ? Float.NEGATIVE_INFINITY : rest;
    }
  }

  /** Gaps that grow from nothing to more than any layout counts. */
  private static void widening(Random random, float[] row) {
    double logProb = -random.nextDouble();
    double gap = 1e-6;
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) logProb;
      logProb -= gap;
      gap *= 1 + 3 * random.nextDouble();
    }
  }

  private static void sortDescending(float[] row) {
    Arrays.sort(row);
    for (int i = 0; i < row.length / 2; i++) {
      float swapped = row[i];
      row[i] = row[row.length - 1 - i];
      row[row.length - 1 - i] = swapped;
    }
  }
}
