package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.manifest.SampleDatasets;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Unions that a teacher could have given: one random distribution behind each slot, in which some
 * ids are masked. Forced are the tokens 3 and 5.
 */
public final class ConsistentUnions {
  private final StatisticSpec spec;

  /** Unions of this statistic. */
  public ConsistentUnions(StatisticSpec spec) {
    this.spec = spec;
  }

  /** All that the statistic keeps; {@code unused} is for {@link SampleDatasets.Statistics}. */
  public StatisticsBatch of(Random random, TokenBatch tokens, int unused, int vocabulary) {
    int slots = tokens.slots();
    StatisticsBatch out =
        new StatisticsBatch(
            tokens,
            new int[slots + 1],
            new int[slots * vocabulary],
            new float[slots * vocabulary],
            Provenance.room(spec, slots * vocabulary),
            new float[slots],
            new float[slots],
            new float[slots],
            new float[slots],
            new float[spec.furtherScalars().size()][slots]);
    for (int i = 0; i < slots; i++) {
      double[] logits = random.doubles(vocabulary, -4, 4).toArray();
      for (int v = 0; v < vocabulary; v++) {
        logits[v] = random.nextInt(8) == 0 ? Double.NEGATIVE_INFINITY : logits[v];
      }
      logits[random.nextInt(vocabulary)] = 1;
      out.offsets()[i + 1] = out.offsets()[i];
      int slot = i;
      if (tokens.padding(i)) {
        out.logTail()[i] = Float.NaN;
        out.entropy()[i] = Float.NaN;
        out.logNormaliser()[i] = Float.NaN;
        out.targetLogProb()[i] = Float.NaN;
        Arrays.stream(out.further()).forEach(values -> values[slot] = Float.NaN);
      } else {
        new Slot(out, i, logits).put(random);
      }
    }
    return out;
  }

  private final class Slot {
    final StatisticsBatch out;
    final int slot;
    final double[] logits;
    final int[] reasons;
    final int[] counts;

    Slot(StatisticsBatch out, int slot, double[] logits) {
      this.out = out;
      this.slot = slot;
      this.logits = logits;
      this.reasons = new int[logits.length];
      this.counts = new int[logits.length];
    }

    void put(Random random) {
      double normaliser = normaliser(1);
      int[] order =
          IntStream.range(0, logits.length)
              .boxed()
              .sorted(Comparator.comparingDouble(v -> -logits[v]))
              .mapToInt(v -> v)
              .toArray();
      top(order, normaliser);
      spec.sample().ifPresent(sample -> draw(random, sample));
      if (spec.forced().isPresent()) {
        reasons[3] |= Reason.FORCED.bit();
        reasons[5] |= Reason.FORCED.bit();
      }
      int target = out.tokens().target(slot);
      if (spec.target() && target != TokenBatch.NO_TARGET) {
        reasons[target] |= Reason.TARGET.bit();
      }
      double tail = 0;
      double entropy = 0;
      for (int v : order) {
        double p = Math.exp(logits[v] - normaliser);
        entropy -= p == 0 ? 0 : p * (logits[v] - normaliser);
        if (reasons[v] == 0) {
          tail += p;
        } else {
          keep(v, logits[v] - normaliser);
        }
      }
      out.logTail()[slot] = (float) Math.log(tail);
      out.entropy()[slot] = (float) entropy;
      out.logNormaliser()[slot] = (float) normaliser;
      out.targetLogProb()[slot] =
          target == TokenBatch.NO_TARGET ? Float.NaN : (float) (logits[target] - normaliser);
      for (int t = 0; t < spec.normalisersAt().size(); t++) {
        out.further()[t][slot] = (float) normaliser(spec.normalisersAt().get(t));
      }
    }

    private void top(int[] order, double normaliser) {
      double mass = 0;
      for (int i = 0; i < order.length && logits[order[i]] > Double.NEGATIVE_INFINITY; i++) {
        double before = mass;
        boolean needed =
            spec.topP().isPresent()
                && i < spec.topP().get().max()
                && before < spec.topP().get().mass();
        if (i < spec.topK() || needed) {
          reasons[order[i]] |= Reason.TOP.bit();
        }
        mass += Math.exp(logits[order[i]] - normaliser);
      }
    }

    private void draw(Random random, Sample sample) {
      double total = normaliser(sample.temperature());
      for (int n = 0; n < sample.draws(); n++) {
        double left = random.nextDouble();
        int drawn = -1;
        for (int v = 0; v < logits.length && left >= 0; v++) {
          double q = Math.exp(logits[v] / sample.temperature() - total);
          left -= q;
          drawn = q > 0 ? v : drawn;
        }
        counts[drawn]++;
        reasons[drawn] |= Reason.SAMPLED.bit();
      }
    }

    private void keep(int id, double logProb) {
      int at = out.offsets()[slot + 1]++;
      out.ids()[at] = id;
      out.logProbs()[at] = (float) logProb;
      if (spec.hasReasons()) {
        out.provenance().reasons()[at] = (byte) reasons[id];
      }
      if (spec.hasCounts()) {
        out.provenance().counts()[at] = counts[id];
      }
      if (spec.hasProposals()) {
        double temperature = spec.sample().orElseThrow().temperature();
        out.provenance().logProposals()[at] =
            (float) (logits[id] / temperature - normaliser(temperature));
      }
    }

    private double normaliser(double temperature) {
      return Math.log(Arrays.stream(logits).map(x -> Math.exp(x / temperature)).sum());
    }
  }
}
