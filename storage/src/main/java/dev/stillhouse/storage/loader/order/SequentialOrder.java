package dev.stillhouse.storage.loader.order;

import static com.google.common.base.Preconditions.checkArgument;

/** The order without a shuffle: record p stands at position p. */
public final class SequentialOrder implements Order {
  private final long n;

  /**
   * Creates an order.
   *
   * @param n records, 0 or more
   */
  public SequentialOrder(long n) {
    checkArgument(n >= 0, "InOrder: n=%s, need n >= 0", n);
    this.n = n;
  }

  @Override
  public long records() {
    return n;
  }

  @Override
  public long record(long position) {
    checkArgument(
        position >= 0 && position < n,
        "InOrder: position=%s, need 0 <= position < %s",
        position,
        n);
    return position;
  }

  @Override
  public long position(long record) {
    checkArgument(
        record >= 0 && record < n, "InOrder: record=%s, need 0 <= record < %s", record, n);
    return record;
  }
}
