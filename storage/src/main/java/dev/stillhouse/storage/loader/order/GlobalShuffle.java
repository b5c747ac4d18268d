package dev.stillhouse.storage.loader.order;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The order {@code global}: one keyed permutation of all records, by a {@link Feistel} network.
 *
 * <p>Its keys are named {@code stillhouse-order-1}, and have no further numbers. Another order is
 * another name, {@code stillhouse-order-2}: cursors depend on this one.
 */
public final class GlobalShuffle implements Order {
  /** Max number of records. */
  public static final long MAX_RECORDS = Feistel.MAX;

  private static final String NAME = "stillhouse-order-1";

  private final long n;
  private final Feistel feistel;

  /**
   * Creates an order.
   *
   * @param n records; 0 to {@link #MAX_RECORDS}
   * @param epoch counted from 0
   * @param fingerprint of the dataset, its bytes
   */
  public GlobalShuffle(long n, long seed, long epoch, byte[] fingerprint) {
    checkArgument(n >= 0 && n <= MAX_RECORDS, "Shuffle: n=%s, need 0 <= n <= 2^40", n);
    checkArgument(epoch >= 0, "Shuffle: epoch=%s, need epoch >= 0", epoch);
    this.n = n;
    this.feistel = new Feistel(n, Feistel.keys(NAME, seed, epoch, fingerprint));
  }

  @Override
  public long records() {
    return n;
  }

  @Override
  public long record(long position) {
    checkArgument(
        position >= 0 && position < n,
        "Shuffle: position=%s, need 0 <= position < %s",
        position,
        n);
    return feistel.to(position);
  }

  @Override
  public long position(long record) {
    checkArgument(
        record >= 0 && record < n, "Shuffle: record=%s, need 0 <= record < %s", record, n);
    return feistel.from(record);
  }
}
