package dev.stillhouse.pipeline.corpus;

/** Counts documents byte by byte, as the readers number them. */
final class DocumentCounter {
  private final DocumentStarts starts;
  private final boolean lines;
  private long started;
  private long documents;
  private boolean counted = true;

  DocumentCounter(CorpusFormat format, CorpusOptions options) {
    starts = DocumentStarts.of(format, options);
    lines = format.isLines();
  }

  /**
   * Takes the next byte; returns whether it is the first of a document, or of a line that may be
   * one.
   */
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

  /**
   * Returns the number of the document that starts next. Where documents are lines, blank ones are
   * counted too.
   */
  long started() {
    return started;
  }

  /**
   * Returns the number of documents so far, including the current one. Blank lines do not count.
   */
  long documents() {
    return documents;
  }

  /**
   * The number of documents of a split.
   *
   * @param documents one more than the limit if there are more
   * @param end number of the document, or blank line, behind those that were counted
   */
  record Count(long documents, long end) {}

  /** Counts a split's documents until there are more than {@code max}. */
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
