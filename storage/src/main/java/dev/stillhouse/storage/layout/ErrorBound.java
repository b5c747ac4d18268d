package dev.stillhouse.storage.layout;

/** What rounding may have done to a log-prob. */
public interface ErrorBound {
  /**
   * How far a log-prob that was read may be from the one that was written, in nats. Ids, order of
   * entries, tail, entropy, normaliser and target are always exact.
   */
  float bound(float logProb);
}
