package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;

/** Epochs of one corpus, one after the other, each in its own order. */
record OneSource(Source source) implements Examples {
  @Override
  public ImmutableList<Source> sources() {
    return ImmutableList.of(source);
  }

  @Override
  public long epochSamples() {
    return source.sequences();
  }

  @Override
  public Example at(long number) {
    long epoch = number / source.sequences();
    return new Example(0, source.sequence(epoch, number % source.sequences()));
  }

  @Override
  public String data() {
    return source.manifest().fingerprint().substring(0, Cursor.DATA_DIGITS);
  }
}
