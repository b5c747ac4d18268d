package dev.stillhouse.pipeline.teacher.ngram;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The formulas of this package over maps, as they stand in its description. */
final class NaiveNgram {
  private final int vocabulary;
  private final Map<List<Integer>, Integer> counts = new HashMap<>();

  NaiveNgram(TokenBatch batch, int vocabulary) {
    this.vocabulary = vocabulary;
    for (int i = 0; i < batch.slots(); i++) {
      for (int n = 1; n <= 3 && !batch.padding(i); n++) {
        int first = i - n + 1;
        if (first / batch.length() == i / batch.length()
            && first >= 0
            && batch.segments()[first] == batch.segments()[i]) {
          List<Integer> gram = new ArrayList<>();
          for (int j = first; j <= i; j++) {
            gram.add(batch.tokens()[j]);
          }
          counts.merge(gram, 1, Integer::sum);
        }
      }
    }
  }

  /** p(w | history), the history's last token last; at most two of them. */
  double p(List<Integer> history, int w) {
    int order = history.size() + 1;
    double total = 0;
    double kinds = 0;
    for (int x = 0; x < vocabulary; x++) {
      int c = count(history, x);
      total += c;
      kinds += c > 0 ? 1 : 0;
    }
    double lower = order == 1 ? 1.0 / vocabulary : p(history.subList(1, order - 1), w);
    if (total == 0) {
      return lower;
    }
    double d = discount(order);
    int c = count(history, w);
    return (c > 0 ? (c - d) / total : 0) + d * kinds / total * lower;
  }

  private int count(List<Integer> history, int w) {
    List<Integer> gram = new ArrayList<>(history);
    gram.add(w);
    return counts.getOrDefault(gram, 0);
  }

  private double discount(int order) {
    double[] n = new double[3];
    counts.forEach(
        (gram, count) -> {
          if (gram.size() == order && count <= 2) {
            n[count]++;
          }
        });
    return n[1] == 0 || n[2] == 0 ? 0.5 : n[1] / (n[1] + 2 * n[2]);
  }
}
