package dev.stillhouse.pipeline.extract;

import java.util.Arrays;
import java.util.Random;

/** Rows of logits of every kind that an extractor may stumble over. */
final class Rows {
  private static final float INF = Float.POSITIVE_INFINITY;

  /** What {@link #row} can make. */
  enum Kind {
    RANDOM,
    WIDE,
    TIES,
    ZEROS,
    CONSTANT,
    SORTED,
    REVERSED,
    CLUSTERED,
    SPIKE,
    STAIRS
  }

  private Rows() {}

  /**
   * A row.
   *
   * @param masked share of -inf, though one logit at least is finite
   */
  static float[] row(Kind kind, int length, Random random, float offset, double masked) {
    float[] row = new float[length];
    float level = (float) -random.nextDouble() * 12;
    for (int i = 0; i < length; i++) {
      row[i] =
          switch (kind) {
            case RANDOM -> (float) random.nextGaussian() * 3;
            case WIDE -> (float) random.nextGaussian() * 1e4f;
            case TIES -> random.nextInt(3);
            case ZEROS -> random.nextBoolean() ? 0f : -0f;
            case CONSTANT -> 7;
            case SORTED, REVERSED -> (float) random.nextGaussian() * 5;
            case CLUSTERED -> (i / 37 % 11 == 3 ? 9 : -4) + (float) random.nextGaussian();
            case SPIKE -> level;
            case STAIRS -> Math.floorDiv(i, 50);
          };
    }
    if (kind == Kind.SORTED || kind == Kind.REVERSED) {
      Arrays.sort(row);
    }
    if (kind == Kind.REVERSED) {
      for (int i = 0; i < length / 2; i++) {
        float swapped = row[i];
        row[i] = row[length - 1 - i];
        row[length - 1 - i] = swapped;
      }
    }
    if (kind == Kind.SPIKE) {
      row[random.nextInt(length)] = random.nextBoolean() ? level + 80 : 0;
    }
    float kept = row[random.nextInt(length)];
    for (int i = 0; i < length; i++) {
      row[i] = random.nextDouble() < masked ? -INF : offset == 0 ? row[i] : row[i] + offset;
    }
    row[random.nextInt(length)] = offset == 0 ? kept : kept + offset;
    return row;
  }
}
