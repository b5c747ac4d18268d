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
    java.util.Arrays.sort(values);
    for (int i = 0; i < k / 2; i++) {
      float swapped = values[i];
      values[i] = values[k - 1 - i];
      values[k - 1 - i] = swapped;
    }
    return values;
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
