package dev.stillhouse.pipeline.extract;

import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticSpec.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums at all temperatures but 1 that a statistic asks for: of its normalisers and of its proposal.
 */
final class Temperatures {
  private final List<Tempered> normalisers = new ArrayList<>();
  private final @Nullable Tempered proposal;

  Temperatures(StatisticSpec spec, Lanes lanes) {
    spec.normalisersAt().forEach(degrees -> normalisers.add(new Tempered(degrees, lanes)));
    double degrees = spec.sample().map(Sample::temperature).orElse(1.0);
    proposal =
        degrees == 1
            ? null
            : normalisers.stream()
                .filter(one -> one.temperature() == degrees)
                .findFirst()
                .orElseGet(() -> new Tempered(degrees, lanes));
  }

  void clear() {
    normalisers.forEach(Tempered::clear);
    if (proposal != null) {
      proposal.clear();
    }
  }

  /** Adds a tile; see {@link Tempered#add}. */
  void add(float[] tile, int n, float max) {
    for (Tempered one : normalisers) {
      one.add(tile, n, max);
    }
    if (proposal != null && !normalisers.contains(proposal)) {
      proposal.add(tile, n, max);
    }
  }

  /**
   * Returns the sums of the last tile for draws: the proposal's, or {@code teacher} if draws come
   * from the teacher.
   */
  Lanes.Sums proposal(Lanes.Sums teacher) {
    return proposal == null ? teacher : proposal.sums();
  }

  /**
   * Writes the normalisers, and of each entry the log of its proposal.
   *
   * @param max the row's largest logit
   */
  void finish(double max, Union entries, RowStatistic into) {
    for (int i = 0; i < normalisers.size(); i++) {
      Tempered one = normalisers.get(i);
      into.further[i] = (float) (max / one.temperature() + one.logSum());
    }
    if (proposal != null) {
      double logSum = proposal.logSum();
      for (int j = 0; j < entries.size(); j++) {
        into.provenance.logProposals()[j] =
            (float) ((entries.logit(j) - max) / proposal.temperature() - logSum);
      }
    }
  }
}
