package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.PublicApi;

/** Takes sequences as they are read. */
@PublicApi
@FunctionalInterface
public interface SequenceSink {
  /** Takes a sequence. It is lent for the call and filled anew afterwards. */
  void accept(SourceSequence sequence);
}
