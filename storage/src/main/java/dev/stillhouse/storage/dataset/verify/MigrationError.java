package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;

/**
 * Checks what a layout changes: only log-probs, and none by more than its bound. Any other change
 * is an error.
 */
public final class MigrationError {
  private final Layout layout;
  private double bound;
  private double largest;

  /** Creates a check that has compared nothing yet. */
  public MigrationError(Layout layout) {
    this.layout = layout;
  }

  /** Returns the largest bound that the layout gives for any of these log-probs, in nats. */
  public double bound() {
    return bound;
  }

  /** Returns the largest change of any log-prob, in nats. */
  public double largest() {
    return largest;
  }

  /** Compares the statistics that were written with those read back. */
  public void accept(StatisticsBatch wrote, StatisticsBatch read) {
    tokens(wrote.tokens(), read.tokens());
    int n = wrote.entries();
    same("entries of positions", wrote, Arrays.equals(wrote.offsets(), read.offsets()));
    same("ids", wrote, Arrays.equals(wrote.ids(), 0, n, read.ids(), 0, n));
    provenance(wrote, read, n);
    same("log_tail", wrote, Arrays.equals(wrote.logTail(), read.logTail()));
    same("entropy", wrote, Arrays.equals(wrote.entropy(), read.entropy()));
    same("log_normaliser", wrote, Arrays.equals(wrote.logNormaliser(), read.logNormaliser()));
    same("target_log_prob", wrote, Arrays.equals(wrote.targetLogProb(), read.targetLogProb()));
    same("further numbers of positions", wrote, Arrays.deepEquals(wrote.further(), read.further()));
    for (int e = 0; e < n; e++) {
      logProb(wrote, e, read.logProbs()[e]);
    }
  }

  private void tokens(TokenBatch wrote, TokenBatch read) {
    if (wrote.firstSequence() != read.firstSequence()
        || !Arrays.equals(wrote.tokens(), read.tokens())
        || !Arrays.equals(wrote.segments(), read.segments())) {
      throw changed("tokens", wrote.firstSequence());
    }
  }

  private void provenance(StatisticsBatch wrote, StatisticsBatch read, int n) {
    Provenance one = wrote.provenance();
    Provenance two = read.provenance();
    boolean columns =
        one.reasons().length > 0 == two.reasons().length > 0
            && one.counts().length > 0 == two.counts().length > 0
            && one.logProposals().length > 0 == two.logProposals().length > 0;
    boolean values =
        columns
            && (one.reasons().length == 0
                || Arrays.equals(one.reasons(), 0, n, two.reasons(), 0, n))
            && (one.counts().length == 0 || Arrays.equals(one.counts(), 0, n, two.counts(), 0, n))
            && (one.logProposals().length == 0
                || Arrays.equals(one.logProposals(), 0, n, two.logProposals(), 0, n));
    same("what entries are there for", wrote, values);
  }

  private void logProb(StatisticsBatch wrote, int e, float found) {
    float given = wrote.logProbs()[e];
    if (!Float.isInfinite(given)) {
      bound = Math.max(bound, layout.bound(given));
    }
    if (given == found) {
      return;
    }
    double error = Math.abs((double) given - found);
    if (!(error <= layout.bound(given)) || Float.isInfinite(given)) {
      throw DataException.of(
          "layout %s made log-prob %s of %s, which is more than the %s nats that it allows itself:"
              + " this is a bug of it (sequences from %d on)",
          layout.name(), found, given, layout.bound(given), wrote.tokens().firstSequence());
    }
    largest = Math.max(largest, error);
  }

  private void same(String what, StatisticsBatch wrote, boolean equal) {
    if (!equal) {
      throw changed(what, wrote.tokens().firstSequence());
    }
  }

  private DataException changed(String what, long first) {
    return DataException.of(
        "layout %s did not give back the %s of sequences from %d on as they were: this is a bug of"
            + " it",
        layout.name(), what, first);
  }
}
