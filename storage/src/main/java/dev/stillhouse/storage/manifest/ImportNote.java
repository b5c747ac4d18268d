package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.ErrorBound;
import java.util.List;

/**
 * Where the statistics of an imported dataset came from, and what their source did not know. An
 * extracted dataset has none.
 *
 * @param format name of the format that was read
 * @param boundNats how far a log-prob may be from the teacher's by the source's own rounding, in
 *     nats: this, and
 * @param boundShare this share of the log-prob
 * @param normalised over which ids the log-probs sum to one: {@value #VOCABULARY} or {@value #KEPT}
 * @param unknown what the source does not say, by the names of the dataset's own fields
 * @param excessPositions positions whose kept mass was above one; they have no tail
 * @param largestExcess the largest of these, above one
 * @param raised log-probs above 0 that were taken for 0
 */
public record ImportNote(
    String format,
    double boundNats,
    double boundShare,
    String normalised,
    List<String> unknown,
    long excessPositions,
    double largestExcess,
    long raised)
    implements ErrorBound {
  /** Log-probs are against the full vocabulary. */
  public static final String VOCABULARY = "vocabulary";

  /** The source has no normaliser, and the kept entries were normalised among themselves. */
  public static final String KEPT = "kept";

  /** The name in {@link #unknown} of the targets' log-probs, where the target is not kept. */
  public static final String TARGET = "targetLogProb";

  public ImportNote {
    unknown = List.copyOf(unknown);
    boolean possible =
        0 <= boundNats
            && boundNats < 1 / 0.0
            && 0 <= boundShare
            && boundShare < 1
            && excessPositions >= 0
            && raised >= 0
            && 0 <= largestExcess
            && largestExcess < 1 / 0.0;
    if (!possible) {
      throw DataException.of(
          "import of %s: boundNats %s, boundShare %s, excessPositions %d, largestExcess %s, raised"
              + " %d: out of range",
          format, boundNats, boundShare, excessPositions, largestExcess, raised);
    }
    if (!normalised.equals(VOCABULARY) && !normalised.equals(KEPT)) {
      throw DataException.of(
          "import of %s: normalised '%s', need %s or %s", format, normalised, VOCABULARY, KEPT);
    }
  }

  /** Returns whether the source knew no log-prob of a target that is not kept. */
  public boolean targetsUnknown() {
    return unknown.contains(TARGET);
  }

  @Override
  public float bound(float logProb) {
    double share = Float.isInfinite(logProb) ? 0 : boundShare * Math.abs(logProb);
    return (float) (boundNats + share);
  }
}
