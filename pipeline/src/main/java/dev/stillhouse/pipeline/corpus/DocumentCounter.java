package dev.stillhouse.pipeline.corpus;

/** Counts documents as bytes come by, the way the readers number them. */
final class DocumentCounter {
  private final DocumentStarts starts;
  private final boolean lines;
  private long started;
  private long documents;
  private boolean counted = true;

  DocumentCounter(CorpusFormat format, CorpusOptions options) {
    starts = DocumentStarts.of(format, options);
    lines = format == CorpusFormat.JSONL;
  }

  /** Takes the next byte; whether it is the first of a document, or of a line that may be one. */
  boolean at(byte next) {
    boolean start = starts.at(next);
    if (start) {
      started++;
      counted = false;
    }
    if (!counted && !(lines && blank(next))) {
      counted = true;
      documents++;
    }
    return start;
  }

  private static boolean blank(byte next) {
    return next == ' ' || next == '\t' || next == '\r' || next == '\n';
  }

  /** Number of the document that starts next: of a .jsonl, blank lines are counted too. */
  long started() {
    return started;
  }

  /** How many documents have come, the one that is open included; blank lines are none. */
  long documents() {
    return documents;
  }

  /**
   * How many documents a piece has.
   *
   * @param documents one more than was asked about if there are more
   * @param end number of the document, or blank line, behind those that were asked about
   */
  record Count(long documents, long end) {}

  /** Counts a piece's documents until there are more than {@code max}. */
  static Count count(FileSplit fileSplit, CorpusOptions options, long max) {
    DocumentCounter counter = new DocumentCounter(fileSplit.format(), options);
    long end = FileSplit.ALL;
    try (FileSplitInput in = FileSplitInput.open(fileSplit, bytes -> {})) {
      int count;
      while ((count = in.fill()) >= 0) {
        for (int i = 0; i < count; i++) {
          long number = counter.started();
          boolean enough = counter.documents() == max;
          if (counter.at(in.buffer()[i]) && enough && end == FileSplit.ALL) {
            end = number;
          }
          if (counter.documents() > max) {
            return new Count(max + 1, end);
          }
        }
      }
    }
    return new Count(counter.documents(), end);
  }
}
