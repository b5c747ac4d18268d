package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.tokens.SegmentSource;
import org.jspecify.annotations.Nullable;

/** Reads .txt files: UTF-8, every character kept. Memory is one buffer of text. */
final class TextReader implements DocumentReader {
  private final CorpusOptions options;

  TextReader(CorpusOptions options) {
    this.options = options;
  }

  @Override
  public void read(FileSplit fileSplit, DocumentSink sink) {
    DocumentStarts starts = DocumentStarts.of(CorpusFormat.TEXT, options);
    Open open = new Open(fileSplit, sink);
    try (FileSplitInput in = FileSplitInput.open(fileSplit, sink::stored)) {
      byte[] buffer = in.buffer();
      int count;
      while ((count = in.fill()) >= 0) {
        long base = in.offset() - count;
        int from = 0;
        for (int i = 0; i < count; i++) {
          if (starts.at(buffer[i])) {
            open.text(buffer, from, i, base + from, true);
            from = i;
            if (open.next == fileSplit.endDocument()) {
              in.skipRest();
              return;
            }
            open.start();
          }
        }
        open.text(buffer, from, count, base + from, false);
      }
      open.text(buffer, 0, 0, in.offset(), true);
    }
  }

  /** The current document. */
  private static final class Open {
    private final FileSplit fileSplit;
    private final DocumentSink sink;
    private final StrictUtf8 utf8;
    private @Nullable SegmentSource source;
    private long next;

    Open(FileSplit fileSplit, DocumentSink sink) {
      this.fileSplit = fileSplit;
      this.sink = sink;
      utf8 = new StrictUtf8(fileSplit.place(), FileSplitInput.BUFFER);
      next = fileSplit.firstDocument();
    }

    void start() {
      source = new SegmentSource(fileSplit.name(), next++);
      sink.start(source);
    }

    /** Passes text on. After a bad place, text is dropped up to the next document. */
    void text(byte[] bytes, int from, int to, long at, boolean last) {
      SegmentSource document = source;
      if (document == null) {
        return;
      }
      try {
        utf8.decode(bytes, from, to, at, last, sink::text);
        if (last) {
          source = null;
          sink.end();
        }
      } catch (BadDocumentException e) {
        source = null;
        utf8.reset();
        sink.bad(document, e);
      }
    }
  }
}
