package dev.stillhouse.storage.layout;

/** Says how far rounding may have moved a log-prob. */
public interface ErrorBound {
  /**
   * Returns how far a log-prob that was read may be from the one that was written, in nats, 0 or
   * more. Ids, order of entries, tail, entropy, normaliser and target are always exact.
   *
   * @param logProb as it was written, in nats
   */
  float bound(float logProb);
}
