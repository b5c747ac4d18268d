package dev.stillhouse.storage.loader.order;

/**
 * The order of one epoch in closed form: which record stands at which position. It goes through the
 * records {@code 0 .. records()-1} once each, keeps no table, and any position is as cheap as the
 * first. Orders may be used by many threads at once.
 */
public interface Order {
  /** Records of the epoch, and its positions. */
  long records();

  /** The record that stands at a position of this epoch. */
  long record(long position);

  /** The position at which a record stands: the inverse of {@link #record}. */
  long position(long record);
}
