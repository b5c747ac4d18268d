package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;

/**
 * The examples of a run, in closed form: any example of any epoch is found as fast as the first.
 * For one thread.
 */
interface Examples {
  /** A sequence of one of the sources. */
  record Example(int source, long sequence) {}

  /** Returns the sources of the examples. */
  ImmutableList<Source> sources();

  /** Returns the number of examples of an epoch. */
  long epochSamples();

  /**
   * Returns an example.
   *
   * @param number counted from the start of epoch 0
   */
  Example at(long number);

  /** Returns the name of the data in a cursor: {@value Cursor#DATA_DIGITS} hex digits. */
  String data();
}
