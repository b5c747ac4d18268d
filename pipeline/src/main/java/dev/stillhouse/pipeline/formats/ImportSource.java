package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.PublicApi;

/** Opened files of one format. */
@PublicApi
public interface ImportSource extends AutoCloseable {
  /** Returns what is true of all its sequences. */
  SourceFacts facts();

  /**
   * Reads all sequences, in an order that the files alone decide.
   *
   * @throws dev.stillhouse.storage.DataException for the first thing that is wrong: which file,
   *     where in it, the value, the rule, and what to do
   */
  void read(SequenceSink sink);

  @Override
  default void close() {}
}
