package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.tokens.SegmentSource;

/** Reads .txt files: UTF-8, kept to the character. Holds one buffer of text at a time. */
final class TextReader implements DocumentReader {
  private final CorpusOptions options;

  TextReader(CorpusOptions options) {
    this.options = options;
  }

  @Override
  public void read(Piece piece, DocumentSink sink) {
    DocumentStarts starts = DocumentStarts.of(CorpusFormat.TEXT, options);
    StrictUtf8 utf8 = new StrictUtf8(piece.place(), PieceInput.BUFFER);
    long document = piece.firstDocument();
    boolean open = false;
    try (PieceInput in = PieceInput.open(piece)) {
      byte[] buffer = in.buffer();
      int count;
      while ((count = in.fill()) >= 0) {
        long base = in.offset() - count;
        int from = 0;
        for (int i = 0; i < count; i++) {
          if (starts.at(buffer[i])) {
            if (open) {
              utf8.decode(buffer, from, i, base + from, true, sink::text);
              sink.end();
            }
            from = i;
            open = true;
            sink.start(new SegmentSource(piece.name(), document++));
          }
        }
        utf8.decode(buffer, from, count, base + from, false, sink::text);
      }
      if (open) {
        utf8.decode(buffer, 0, 0, in.offset(), true, sink::text);
        sink.end();
      }
    }
  }
}
