package dev.stillhouse.pipeline.extract;

/** The statistic of one row, a place to write to: fields as {@link Extractor} defines them. */
public final class RowStatistic {
  /** Entries that are valid in {@link #ids} and {@link #logProbs}. */
  public int count;

  /** Token ids of the entries, best first, {@code [k]}. */
  public final int[] ids;

  /** Their log-probs (nats), {@code [k]}. */
  public final float[] logProbs;

  /** Log of the mass that is in no entry. */
  public float logTail;

  /** Nats. */
  public float entropy;

  /** Log-sum-exp of the row. */
  public float logNormaliser;

  /** Log-prob of the target; NaN if there is none. */
  public float targetLogProb;

  /** Room for {@code k} entries. */
  public RowStatistic(int k) {
    ids = new int[k];
    logProbs = new float[k];
  }
}
