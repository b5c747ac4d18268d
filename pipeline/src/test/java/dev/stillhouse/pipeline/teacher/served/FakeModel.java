package dev.stillhouse.pipeline.teacher.served;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** A causal model of few ids: logits are a hash of the tokens so far, log-probs are float32. */
public final class FakeModel {
  public static final int V = 98;

  private FakeModel() {}

  /** Returns the log-probs of the token behind the first {@code length} of a prompt. */
  static float[] logProbs(int[] prompt, int length) {
    long state = 0x9E3779B97F4A7C15L;
    for (int i = 0; i < length; i++) {
      state = mix(state + prompt[i]);
    }
    double[] logits = new double[V];
    double sum = 0;
    for (int id = 0; id < V; id++) {
      logits[id] = 8 * ((mix(state + id) >>> 11) * 0x1.0p-53);
      sum += Math.exp(logits[id]);
    }
    float[] logProbs = new float[V];
    for (int id = 0; id < V; id++) {
      logProbs[id] = (float) (logits[id] - Math.log(sum));
    }
    return logProbs;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns ids from the best on. */
  static int[] order(float[] logProbs) {
    return IntStream.range(0, V)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -logProbs[id]))
        .mapToInt(id -> id)
        .toArray();
  }

  static int rank(float[] logProbs, int id) {
    return 1 + (int) Arrays.stream(order(logProbs)).takeWhile(other -> other != id).count();
  }
}
