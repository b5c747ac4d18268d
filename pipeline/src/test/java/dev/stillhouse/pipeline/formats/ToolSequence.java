package dev.stillhouse.pipeline.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A sequence that a tool may have kept: row t describes token t+1. */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared.
public record ToolSequence(int[] tokens, int[][] ids, float[][] logProbs) {
  public static final int VOCABULARY = 1000;

  /** Returns random sequences whose rows mostly hold the token that follows. */
  public static List<ToolSequence> some(long seed, int count, int k) {
    Random random = new Random(seed);
    List<ToolSequence> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(one(random, 2 + random.nextInt(14), k));
    }
    return all;
  }

  private static ToolSequence one(Random random, int length, int k) {
    int[] tokens = random.ints(length, 0, VOCABULARY).toArray();
    int[][] ids = new int[length][];
    float[][] logProbs = new float[length][];
    for (int t = 0; t < length; t++) {
      Set<Integer> kept = new LinkedHashSet<>();
      if (t + 1 < length && random.nextInt(8) > 0) {
        kept.add(tokens[t + 1]);
      }
      while (kept.size() < k) {
        kept.add(random.nextInt(VOCABULARY));
      }
      ids[t] = kept.stream().mapToInt(Integer::intValue).toArray();
      logProbs[t] = logProbs(random, k);
    }
    return new ToolSequence(tokens, ids, logProbs);
  }

  /** Returns log-probs, best first, each apart, whose mass is below 1. */
  private static float[] logProbs(Random random, int k) {
    float[] values = new float[k];
    double left = 0.999;
    for (int i = 0; i < k; i++) {
      double p = left * (0.35 + 0.1 * random.nextDouble());
      left -= p;
      values[i] = (float) Math.log(p);
    }
    best(values);
    return values;
  }

  /** Returns the sequences with all of the mass kept, for forms that are normalised over it. */
  public static List<ToolSequence> allKept(List<ToolSequence> some) {
    for (ToolSequence one : some) {
      for (float[] row : one.logProbs()) {
        double mass = 0;
        for (int i = 0; i < row.length - 1; i++) {
          mass += Math.exp(row[i]);
        }
        row[row.length - 1] = (float) Math.log(1 - mass);
        best(row);
      }
    }
    return some;
  }

  /** Returns the sequences with the log-prob of the token that follows alone, after a prompt. */
  public static List<ToolSequence> targets(List<ToolSequence> some) {
    return some.stream().map(ToolSequence::targets).toList();
  }

  private static ToolSequence targets(ToolSequence one) {
    int[][] ids = new int[one.tokens().length][];
    for (int t = 0; t < ids.length; t++) {
      boolean response = t >= ids.length / 3 && t + 1 < ids.length;
      ids[t] = response ? new int[] {one.tokens()[t + 1]} : new int[0];
    }
    return new ToolSequence(one.tokens(), ids, one.logProbs());
  }

  private static void best(float[] values) {
    java.util.Arrays.sort(values);
    for (int i = 0; i < values.length / 2; i++) {
      float swapped = values[i];
      values[i] = values[values.length - 1 - i];
      values[values.length - 1 - i] = swapped;
    }
  }

  /** Writes JSON lines with our own names. */
  public static Path jsonl(Path file, List<ToolSequence> all) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ToolSequence kept : all) {
      text.append("{\"tokens\":").append(java.util.Arrays.toString(kept.tokens()));
      text.append(",\"ids\":").append(java.util.Arrays.deepToString(kept.ids()));
      text.append(",\"log_probs\":").append(java.util.Arrays.deepToString(kept.logProbs()));
      text.append("}\n");
    }
    return Files.writeString(file, text);
  }
}
