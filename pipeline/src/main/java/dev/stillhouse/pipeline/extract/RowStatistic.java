package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticSpec;

/** The statistic of one row, to be filled: fields as {@link Extractor} defines them. */
public final class RowStatistic {
  /** Entries that are valid in {@link #ids}, {@link #logProbs} and {@link #provenance}. */
  public int count;

  /** Token ids of the entries, best first. */
  public final int[] ids;

  /** Their log-probs (nats). */
  public final float[] logProbs;

  /** Why the entries are kept, in the columns that the statistic has. */
  public final Provenance provenance;

  /** Log of the mass that is in no entry. */
  public float logTail;

  /** Entropy in nats. */
  public float entropy;

  /** Log-sum-exp of the row. */
  public float logNormaliser;

  /** Log-prob of the target; NaN if there is none. */
  public float targetLogProb;

  /** The numbers that only some statistics have, as {@link StatisticSpec#furtherScalars}. */
  public final float[] further;

  /** Creates room for the statistic of a row. */
  public RowStatistic(Selection selection) {
    int max = selection.maxEntries();
    ids = new int[max];
    logProbs = new float[max];
    provenance = Provenance.room(selection.spec(), max);
    further = new float[selection.spec().furtherScalars().size()];
  }

  /** Creates room for {@code k} entries and nothing else. */
  public RowStatistic(int k) {
    this(Selection.topK(k, k));
  }
}
