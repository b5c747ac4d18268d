package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.function.Supplier;

/**
 * Takes documents one after another: {@link #start}, then any number of {@link #text} (or, for
 * token files, of {@link #tokens}), then {@link #end}. Each of these may throw a {@link
 * BadDocumentException}; the reader then calls {@link #bad}.
 */
public interface DocumentSink {
  /** A document begins. */
  void start(SegmentSource source);

  /** The next characters; lent for this call only. A chunk never ends inside a code point. */
  void text(CharSequence chunk);

  /** The next ids, {@code ids[0..count)}; lent for this call only. */
  void tokens(int[] ids, int count);

  /** The document is complete. */
  void end();

  /**
   * The document cannot be read. Comes instead of {@link #start}, or after it and instead of {@link
   * #end}. Fails unless a sink skips such documents.
   */
  default void bad(SegmentSource source, BadDocumentException why) {
    throw why;
  }

  /** So many of the piece's stored bytes were read. Comes now and then, and grows. */
  default void stored(long bytes) {}

  /** Gives on a document whose text is in memory, or tells that it is {@link #bad}. */
  default void whole(SegmentSource source, Supplier<String> text) {
    try {
      String characters = text.get();
      start(source);
      text(characters);
      end();
    } catch (BadDocumentException e) {
      bad(source, e);
    }
  }
}
