package dev.stillhouse.pipeline.teacher.served;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON (RFC 8259) once, forward, from a stream of bytes: what the caller asks for is parsed,
 * all else is skipped by its brackets and quotes alone. It holds 64 KiB whatever the answer's size.
 * Made for answers whose bytes are nearly all ids and log-probs.
 *
 * <p>Each error says at which byte of the answer it is. For one thread.
 */
final class JsonStream {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER = 64; // bytes of a number's text

  private final InputStream in;
  private final long maxBytes;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long before; // bytes of the answer before the buffer

  /**
   * Reads from a stream, which the caller closes.
   *
   * @param maxBytes longer answers are errors
   */
  JsonStream(InputStream in, long maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** Returns how many bytes of the answer were read. */
  long offset() {
    return before + at;
  }

  /** Returns the next byte that is not white space, which stays; -1 at the answer's end. */
  int peek() throws IOException {
    while (true) {
      while (at < end) {
        byte next = buffer[at];
        if (next > ' ' || !(next == ' ' || next == '\n' || next == '\r' || next == '\t')) {
          return next & 0xFF;
        }
        at++;
      }
      if (!fill()) {
        return -1;
      }
    }
  }

  /** Reads a byte of the grammar. */
  void expect(char wanted) throws IOException {
    if (peek() != wanted) {
      throw wrong("'" + wanted + "'");
    }
    at++;
  }

  /** Begins an array or object: returns whether it has a first element. */
  boolean begin(char open, char close) throws IOException {
    expect(open);
    if (peek() == close) {
      at++;
      return false;
    }
    return true;
  }

  /** Returns whether another element follows in an array or object. */
  boolean more(char close) throws IOException {
    int next = peek();
    if (next != ',' && next != close) {
      throw wrong("',' or '" + close + "'");
    }
    at++;
    return next == ',';
  }

  /** Reads {@code null} if it is next; returns whether it was. */
  boolean isNull() throws IOException {
    if (peek() != 'n') {
      return false;
    }
    literal("null");
    return true;
  }

  /** Reads a key and its colon; returns which of the names it is, or -1. */
  int key(byte[][] names) throws IOException {
    expect('"');
    int found = -1;
    for (int name = 0; name < names.length; name++) {
      if (is(names[name])) {
        found = name;
        break;
      }
    }
    if (found >= 0) {
      at += names[found].length + 1;
    } else {
      skipString();
    }
    expect(':');
    return found;
  }

  /** Returns whether a name and its closing quote are next. */
  private boolean is(byte[] name) throws IOException {
    if (end - at <= name.length && !has(name.length + 1)) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (buffer[at + i] != name[i]) {
        return false;
      }
    }
    return buffer[at + name.length] == '"';
  }

  /** Reads a key that is a token id in decimals, and its colon. */
  int idKey() throws IOException {
    expect('"');
    int id = digits();
    if ((at == end && !fill()) || buffer[at] != '"') {
      throw wrong("the end of a token id");
    }
    at++;
    expect(':');
    return id;
  }

  /** Reads a whole number from 0 to 2^31 - 1. */
  int integer() throws IOException {
    peek();
    int value = digits();
    if (has(1) && (buffer[at] == '.' || (buffer[at] | 0x20) == 'e')) {
      throw wrong("a whole number");
    }
    return value;
  }

  private int digits() throws IOException {
    long value = 0;
    int read = 0;
    while (at < end || fill()) {
      int digit = buffer[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      if (++read > 10 || value > Integer.MAX_VALUE) {
        throw wrong("a whole number up to 2,147,483,647");
      }
      at++;
    }
    if (read == 0) {
      throw wrong("a whole number");
    }
    return (int) value;
  }

  /** Reads a number, rounded to the nearest float; NaN for {@code null}. */
  float number() throws IOException {
    if (isNull()) {
      return Float.NaN;
    }
    has(MAX_NUMBER); // So that it lies in the buffer.
    int first = at;
    int last = first;
    while (last < end && inNumber(buffer[last])) {
      last++;
    }
    if (last == first || last - first == MAX_NUMBER) {
      throw wrong("a number of up to " + (MAX_NUMBER - 1) + " bytes");
    }
    float value;
    try {
      value = DecimalFloat.parse(buffer, first, last);
    } catch (NumberFormatException e) {
      at = last == end ? end : first; // At the answer's end it may be the beginning of one.
      throw wrong("a number");
    }
    at = last;
    return value;
  }

  private static boolean inNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '-' || b == '.' || b == '+' || (b | 0x20) == 'e';
  }

  /** Reads over a value of any kind. */
  void skip() throws IOException {
    int depth = 0;
    do {
      int next = peek();
      if (next == '{' || next == '[') {
        if (++depth > MAX_DEPTH) {
          throw wrong("at most " + MAX_DEPTH + " levels");
        }
        at++;
      } else if ((next == '}' || next == ']') && depth > 0) {
        depth--;
        at++;
      } else if (next == '"') {
        at++;
        skipString();
      } else if (next == ',' || next == ':') {
        if (depth == 0) {
          throw wrong("a value");
        }
        at++; // A value follows.
      } else {
        skipWord();
      }
    } while (depth > 0);
  }

  private void skipWord() throws IOException {
    long first = offset();
    while (at < end || fill()) {
      byte b = buffer[at];
      if (!inNumber(b) && (b < 'a' || b > 'z')) {
        break;
      }
      at++;
    }
    if (offset() == first) {
      throw wrong("a value");
    }
  }

  /** Reads over a string behind its opening quote. */
  private void skipString() throws IOException {
    while (at < end || fill()) {
      byte b = buffer[at++];
      if (b == '"') {
        return;
      }
      if (b == '\\') {
        if (at == end && !fill()) {
          break;
        }
        at++;
      }
    }
    throw wrong("the end of a string");
  }

  /**
   * Reads a string of ASCII, such as base64, in which only the slash may be escaped.
   *
   * @param max bytes
   */
  byte[] bytes(int max) throws IOException {
    expect('"');
    byte[] text = new byte[0];
    int count = 0;
    while (at < end || fill()) {
      int plain = at;
      while (plain < end && buffer[plain] != '"' && buffer[plain] != '\\') {
        plain++;
      }
      if (plain - at > max - count) {
        throw DataException.of(
            "the answer, byte %d: a string of more than %d bytes", offset(), max);
      }
      if (plain - at > text.length - count) {
        long room = Math.max(count + (long) (plain - at), 2L * count);
        text = Arrays.copyOf(text, (int) Math.min(max, room));
      }
      System.arraycopy(buffer, at, text, count, plain - at);
      count += plain - at;
      at = plain;
      if (at == end) {
        continue;
      }
      if (buffer[at++] == '"') {
        return count == text.length ? text : Arrays.copyOf(text, count);
      }
      if ((at == end && !fill()) || buffer[at] != '/') {
        throw wrong("a string without escapes");
      } // The slash itself is plain.
    }
    throw wrong("the end of a string");
  }

  private void literal(String word) throws IOException {
    byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
    if (!has(bytes.length)) {
      at = end; // What is there may be its beginning: the answer was cut off.
      throw wrong(word);
    }
    for (int i = 0; i < bytes.length; i++) {
      if (buffer[at + i] != bytes[i]) {
        throw wrong(word);
      }
    }
    at += bytes.length;
  }

  /** Reads on until {@code count} bytes lie in the buffer; returns whether there are as many. */
  private boolean has(int count) throws IOException {
    while (end - at < count) {
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        before += at;
        end -= at;
        at = 0;
      }
      if (!read()) {
        return false;
      }
    }
    return true;
  }

  /** Reads into the buffer, all of which was used; returns whether there was more. */
  private boolean fill() throws IOException {
    before += at;
    at = 0;
    end = 0;
    return read();
  }

  private boolean read() throws IOException {
    int count = in.read(buffer, end, buffer.length - end);
    if (count <= 0) {
      return false;
    }
    end += count;
    if (before + end > maxBytes) {
      throw DataException.of("the answer has more than %d bytes", maxBytes);
    }
    return true;
  }

  /** Returns the error of what is next: a {@link CutAnswerException} at the end. */
  DataException wrong(String wanted) throws IOException {
    int next = peek();
    if (next < 0) {
      return new CutAnswerException(
          String.format(
              "the answer, byte %d: need %s, it ends there: it was cut off", offset(), wanted));
    }
    String found =
        String.format(next > ' ' && next < 127 ? "found '%c'" : "found byte 0x%02x", next);
    return DataException.of("the answer, byte %d: need %s, %s", offset(), wanted, found);
  }
}
