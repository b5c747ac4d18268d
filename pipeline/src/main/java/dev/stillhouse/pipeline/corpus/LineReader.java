package dev.stillhouse.pipeline.corpus;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.ByteArrayOutputStream;

/**
 * Reads files of UTF-8 whose lines are documents. Blank lines are counted and passed over. Memory
 * is one line (several times over: bytes, characters, its text).
 */
abstract class LineReader implements DocumentReader {
  /** Max bytes of a line. */
  static final int LONGEST_LINE = 64 << 20;

  /** Bytes of a line that any heap has room for. */
  private static final int LINE_WITHOUT_ASKING = 1 << 20;

  /** Bytes of heap for a byte of a line: as bytes twice, and as characters up to four times. */
  private static final int TIMES_IN_MEMORY = 10;

  private final int longestLine;

  LineReader(int longestLine) {
    this.longestLine = longestLine;
  }

  /**
   * Returns the text of a line.
   *
   * @param document number of the line, from 0
   * @throws BadDocumentException if the line is no document of the format
   */
  abstract String text(FileSplit fileSplit, long document, String line);

  @Override
  public void read(FileSplit fileSplit, DocumentSink sink) {
    new Run(fileSplit, sink).read();
  }

  /** Reads one split. */
  private final class Run {
    private final FileSplit fileSplit;
    private final DocumentSink sink;
    private final Line line = new Line();
    private long document;
    private long lineOffset;
    // Whether too much of this line has come.
    private boolean tooLong;

    Run(FileSplit fileSplit, DocumentSink sink) {
      this.fileSplit = fileSplit;
      this.sink = sink;
      document = fileSplit.firstDocument();
      lineOffset = fileSplit.offset();
    }

    void read() {
      try (FileSplitInput in = FileSplitInput.open(fileSplit, sink::stored)) {
        byte[] buffer = in.buffer();
        int count;
        while ((count = in.fill()) >= 0) {
          long base = in.offset() - count;
          int from = 0;
          for (int i = 0; i < count; i++) {
            if (document == fileSplit.endDocument()) {
              in.skipRest();
              return;
            }
            if (buffer[i] == '\n') {
              take(buffer, from, i);
              endLine();
              from = i + 1;
              lineOffset = base + from;
            }
          }
          take(buffer, from, count);
        }
        if (line.size() > 0) {
          endLine();
        }
      }
    }

    private void take(byte[] bytes, int from, int to) {
      if (!tooLong) {
        line.write(bytes, from, to - from);
      }
      if (line.size() > LINE_WITHOUT_ASKING) {
        HeapLimit.check(
            fileSplit.place() + ": line " + (document + 1), line.size(), TIMES_IN_MEMORY);
      }
      if (line.size() > longestLine) {
        tooLong = true;
        line.reset();
        tellBad(
            document, bad(fileSplit, document, "is longer than %d bytes; split it", longestLine));
      }
    }

    private void endLine() {
      if (!tooLong) {
        document();
      }
      tooLong = false;
      line.reset();
      document++;
    }

    private void document() {
      if (!line.isBlank()) {
        sink.whole(
            new SegmentSource(fileSplit.name(), document),
            () ->
                text(
                    fileSplit,
                    document,
                    StrictUtf8.whole(fileSplit.place(), line.bytes(), line.size(), lineOffset)));
      }
    }

    private void tellBad(long number, BadDocumentException why) {
      sink.bad(new SegmentSource(fileSplit.name(), number), why);
    }
  }

  /** Returns the error of a line. */
  @FormatMethod
  static BadDocumentException bad(
      FileSplit fileSplit, long document, @FormatString String rule, Object... values) {
    return new BadDocumentException(
        fileSplit.place(), "line " + (document + 1) + " " + String.format(rule, values));
  }

  /** Collects a line and lends its bytes. */
  private static final class Line extends ByteArrayOutputStream {
    byte[] bytes() {
      return buf;
    }

    boolean isBlank() {
      for (int i = 0; i < count; i++) {
        if (buf[i] != ' ' && buf[i] != '\t' && buf[i] != '\r') {
          return false;
        }
      }
      return true;
    }
  }
}
