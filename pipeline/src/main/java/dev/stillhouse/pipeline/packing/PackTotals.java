package dev.stillhouse.pipeline.packing;

import java.io.Serializable;

/**
 * The totals of packing a corpus split, so that nothing is lost silently: {@code tokens +
 * separators + padding = sequences * T}.
 *
 * @param documents all documents, empty ones included
 * @param emptyDocuments documents without a token; with no separator they leave no segment
 * @param tokens of documents
 * @param separators put after documents
 * @param padding slots of the last sequence without a token
 * @param sequences rows given to the sink
 */
public record PackTotals(
    long documents, long emptyDocuments, long tokens, long separators, long padding, long sequences)
    implements Serializable {
  /** Totals of nothing. */
  public static final PackTotals NONE = new PackTotals(0, 0, 0, 0, 0, 0);

  /** Returns the sum of both. */
  public PackTotals plus(PackTotals other) {
    return new PackTotals(
        documents + other.documents,
        emptyDocuments + other.emptyDocuments,
        tokens + other.tokens,
        separators + other.separators,
        padding + other.padding,
        sequences + other.sequences);
  }
}
