package dev.stillhouse.pipeline.corpus;

/** Counts documents as bytes come by, the way the readers number them. */
final class DocumentCounter {
  private final DocumentStarts starts;
  private final boolean lines;
  private long documents;
  private boolean blank;

  DocumentCounter(CorpusFormat format, CorpusOptions options) {
    starts = DocumentStarts.of(format, options);
    lines = format == CorpusFormat.JSONL;
  }

  /** Takes the next byte; whether it is the first of a document. */
  boolean at(byte next) {
    boolean start = starts.at(next);
    if (start) {
      documents++;
      blank = lines;
    }
    blank &= next == ' ' || next == '\t' || next == '\r' || next == '\n';
    return start;
  }

  /** How many documents have started. */
  long started() {
    return documents;
  }

  /** How many there are if the file ends here: the blank last line of a .jsonl is none. */
  long ended() {
    return documents - (blank ? 1 : 0);
  }

  /** How many documents a piece has, or {@code most + 1} if they are more than {@code most}. */
  static long count(Piece piece, CorpusOptions options, long most) {
    DocumentCounter counter = new DocumentCounter(piece.format(), options);
    try (PieceInput in = PieceInput.open(piece, bytes -> {})) {
      int count;
      while ((count = in.fill()) >= 0) {
        for (int i = 0; i < count; i++) {
          boolean start = counter.at(in.buffer()[i]);
          // A blank line may be the file's last: the first byte of another line decides.
          if (start && counter.started() > most + 1) {
            return most + 1;
          }
        }
      }
    }
    return Math.min(most + 1, counter.ended());
  }
}
