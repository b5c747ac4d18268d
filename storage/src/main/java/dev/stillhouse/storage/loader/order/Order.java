package dev.stillhouse.storage.loader.order;

/**
 * The order of one epoch in closed form: which record stands at which position. It has the records
 * {@code 0 .. records()-1} once each and keeps no table; any position is found as fast as the
 * first. Safe for many threads.
 */
public interface Order {
  /** Returns the number of records of the epoch, and of its positions. */
  long records();

  /** Returns the record that stands at a position of this epoch. */
  long record(long position);

  /** Returns the position at which a record stands: the inverse of {@link #record}. */
  long position(long record);
}
