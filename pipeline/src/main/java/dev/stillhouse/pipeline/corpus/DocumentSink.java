package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.tokens.SegmentSource;

/**
 * Takes documents one after another: {@link #start}, then any number of {@link #text} (or, for
 * token files, of {@link #tokens}), then {@link #end}.
 */
interface DocumentSink {
  /** A document begins. */
  void start(SegmentSource source);

  /** The next characters; lent for this call only. A chunk never ends inside a code point. */
  void text(CharSequence chunk);

  /** The next ids, {@code ids[0..count)}; lent for this call only. */
  void tokens(int[] ids, int count);

  /** The document is complete. */
  void end();
}
