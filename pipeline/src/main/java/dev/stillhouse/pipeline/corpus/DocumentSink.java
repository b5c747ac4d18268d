package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.function.Supplier;

/**
 * Takes documents one after another: {@link #start}, then any number of {@link #text} (or, for
 * token files, of {@link #tokens}), then {@link #end}. Each of these may throw a {@link
 * BadDocumentException}; the reader then calls {@link #bad}.
 */
public interface DocumentSink {
  /** Begins a document. */
  void start(SegmentSource source);

  /** Takes the next characters, lent for this call only. A chunk never ends inside a code point. */
  void text(CharSequence chunk);

  /** Takes the next ids, {@code ids[0..count)}, lent for this call only. */
  void tokens(int[] ids, int count);

  /** Ends the document, which is complete. */
  void end();

  /**
   * Reports that the document cannot be read. It comes instead of {@link #start}, or after it and
   * instead of {@link #end}. It throws unless a sink skips such documents.
   */
  default void bad(SegmentSource source, BadDocumentException why) {
    throw why;
  }

  /**
   * Reports how many of the split's stored bytes were read so far. It is called now and then.
   *
   * @param bytes from the start of the split; never fewer than before
   */
  default void stored(long bytes) {}

  /** Passes on a document whose text is in memory, or reports that it is {@link #bad}. */
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
