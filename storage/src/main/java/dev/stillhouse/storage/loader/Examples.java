package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;

/**
 * What a run gives, sample after sample, in closed form: any sample of any epoch is as near as the
 * first. Asked by one thread.
 */
interface Examples {
  /** A sequence of one of the sources. */
  record Example(int source, long sequence) {}

  /** The corpora that samples come from. */
  ImmutableList<Source> sources();

  /** Samples of an epoch. */
  long epochSamples();

  /** The sample with a number, counted from the start of epoch 0. */
  Example at(long number);

  /** What is loaded, as a cursor has it: {@value Cursor#DATA_DIGITS} hex digits. */
  String data();
}
