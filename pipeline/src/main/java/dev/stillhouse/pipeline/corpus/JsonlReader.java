package dev.stillhouse.pipeline.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;

/**
 * Reads .jsonl files: UTF-8, one JSON object a line, its text in one field. Only a file's last line
 * may be blank. Holds one line (several times over: bytes, characters, parsed).
 */
final class JsonlReader implements DocumentReader {
  /** Most bytes of a line. */
  static final int LONGEST_LINE = 64 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  // Which of two equal fields is meant is a guess that a reader must not make.
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_LINE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String field;
  private final int longestLine;

  JsonlReader(String field, int longestLine) {
    this.field = field;
    this.longestLine = longestLine;
  }

  @Override
  public void read(Piece piece, DocumentSink sink) {
    new Run(piece, sink).read();
  }

  /** The reading of one piece. */
  private final class Run {
    private final Piece piece;
    private final DocumentSink sink;
    private final Line line = new Line();
    private long document;
    private long lineOffset;
    // Whether the line before was blank, and whether too much of this one has come.
    private boolean blank;
    private boolean tooLong;

    Run(Piece piece, DocumentSink sink) {
      this.piece = piece;
      this.sink = sink;
      document = piece.firstDocument();
      lineOffset = piece.offset();
    }

    void read() {
      try (PieceInput in = PieceInput.open(piece, sink::stored)) {
        byte[] buffer = in.buffer();
        int count;
        while ((count = in.fill()) >= 0) {
          long base = in.offset() - count;
          int from = 0;
          for (int i = 0; i < count; i++) {
            tellBlank();
            if (document == piece.endDocument()) {
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
        // Only here is it known which line was the last.
        if (!in.endsFile()) {
          tellBlank();
        }
      }
    }

    private void take(byte[] bytes, int from, int to) {
      if (!tooLong) {
        line.write(bytes, from, to - from);
      }
      if (line.size() > longestLine) {
        tooLong = true;
        line.reset();
        tellBad(document, bad(piece, document, "is longer than %d bytes; split it", longestLine));
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
      blank = line.isBlank();
      if (!blank) {
        sink.whole(
            new SegmentSource(piece.name(), document),
            () ->
                text(
                    piece,
                    document,
                    StrictUtf8.whole(piece.place(), line.bytes(), line.size(), lineOffset)));
      }
    }

    private void tellBlank() {
      if (blank) {
        blank = false;
        long number = document - 1;
        tellBad(
            number,
            bad(piece, number, "is not JSON: it is blank, which only the last line may be"));
      }
    }

    private void tellBad(long number, BadDocumentException why) {
      sink.bad(new SegmentSource(piece.name(), number), why);
    }
  }

  private String text(Piece piece, long document, String json) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw bad(piece, document, "is not JSON: %s", e.getOriginalMessage());
    }
    if (!node.isObject()) {
      throw bad(piece, document, "is a JSON %s, need an object", kind(node));
    }
    JsonNode value = node.get(field);
    if (value == null) {
      List<String> present = ImmutableList.copyOf(node.fieldNames());
      throw bad(
          piece, document, "has no field '%s'; present: %s (see --text-field)", field, present);
    }
    if (!value.isTextual()) {
      throw bad(piece, document, "field '%s' is a JSON %s, need a string", field, kind(value));
    }
    String text = value.textValue();
    // JSON can escape half a pair, which no UTF-8 text holds and no tokenizer can encode.
    int half = loneSurrogate(text);
    if (half >= 0) {
      throw bad(
          piece,
          document,
          "field '%s' holds half a surrogate pair (\\u%04x) at character %d; repair the text",
          field,
          (int) text.charAt(half),
          half);
    }
    return text;
  }

  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  @FormatMethod
  private static BadDocumentException bad(
      Piece piece, long document, @FormatString String rule, Object... values) {
    return new BadDocumentException(
        piece.place(), "line " + (document + 1) + " " + String.format(rule, values));
  }

  /** A growing line whose bytes can be lent. */
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
