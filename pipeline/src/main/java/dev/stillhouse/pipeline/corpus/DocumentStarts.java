package dev.stillhouse.pipeline.corpus;

/**
 * Finds, byte by byte from the start of a file or split, where documents start. Planner and readers
 * share it, so that both count the same documents.
 */
interface DocumentStarts {
  /** Takes the next byte; returns whether it is the first of a document. */
  boolean at(byte next);

  /** Returns the rule for files of this format. */
  static DocumentStarts of(CorpusFormat format, CorpusOptions options) {
    Integer separator = options.separator();
    return switch (format) {
      case TEXT -> options.paragraphs() ? new Paragraphs() : new Whole();
      case JSONL -> new Lines();
      case PARQUET -> throw new IllegalArgumentException("a footer tells the rows of " + format);
      case TOKENS -> separator == null ? new Whole() : new Tokens(options.tokenBytes(), separator);
    };
  }

  /** The whole file is one document. */
  final class Whole implements DocumentStarts {
    private boolean first = true;

    @Override
    public boolean at(byte next) {
      boolean start = first;
      first = false;
      return start;
    }
  }

  /** A line is a document. */
  final class Lines implements DocumentStarts {
    private boolean lineStart = true;

    @Override
    public boolean at(byte next) {
      boolean start = lineStart;
      lineStart = next == '\n';
      return start;
    }
  }

  /** A document starts with the first line that is not blank after one that is. */
  final class Paragraphs implements DocumentStarts {
    private boolean first = true;
    private boolean lineStart = true;
    private boolean text;
    private boolean blankAfterText;

    @Override
    public boolean at(byte next) {
      boolean start = first;
      first = false;
      if (lineStart) {
        // One byte decides, so that nothing needs to be held back: see CorpusOptions.
        if (next == '\n' || next == '\r') {
          blankAfterText = text;
        } else {
          start |= blankAfterText;
          text = true;
          blankAfterText = false;
        }
      }
      lineStart = next == '\n';
      return start;
    }
  }

  /** A document starts after each separator id. */
  final class Tokens implements DocumentStarts {
    private final int width;
    private final long separator;
    private boolean start = true;
    private int bytes;
    private long id;

    Tokens(int width, int separator) {
      this.width = width;
      this.separator = separator;
    }

    @Override
    public boolean at(byte next) {
      boolean here = start;
      id |= (next & 0xFFL) << (8 * bytes);
      start = false;
      if (++bytes == width) {
        start = id == separator;
        bytes = 0;
        id = 0;
      }
      return here;
    }
  }
}
