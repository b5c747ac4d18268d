package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.function.Consumer;

/**
 * Decodes UTF-8 that comes in parts, and names the first byte that is invalid. A replacement
 * character would give the teacher a text that does not exist.
 */
final class StrictUtf8 {
  private static final int LONGEST_CHARACTER = 4;

  private final String file;
  // The decoder reports malformed bytes by default.
  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final ByteBuffer in;
  private final CharBuffer out;
  private long offset;

  /**
   * Creates a decoder.
   *
   * @param file for messages
   * @param longest max bytes of a part
   */
  StrictUtf8(String file, int longest) {
    this.file = file;
    in = ByteBuffer.allocate(longest + LONGEST_CHARACTER);
    out = CharBuffer.allocate(longest + LONGEST_CHARACTER);
  }

  /**
   * Decodes the next part. Its end may cut a character unless it is the last part.
   *
   * @param at offset of the part's first byte in the file
   * @param last whether the text ends here; the next part then starts another
   * @param sink takes the characters, lent for the call, unless there are none
   */
  void decode(byte[] bytes, int from, int to, long at, boolean last, Consumer<CharSequence> sink) {
    offset = at - in.position();
    in.put(bytes, from, to - from).flip();
    out.clear();
    // No overflow: no UTF-8 text has more chars than bytes.
    if (decoder.decode(in, out, last).isError()) {
      throw malformed();
    }
    if (last) {
      decoder.reset();
    }
    in.compact();
    if (out.flip().hasRemaining()) {
      sink.accept(out);
    }
  }

  /** Drops a cut character: another text follows. */
  void reset() {
    decoder.reset();
    in.clear();
  }

  private BadDocumentException malformed() {
    long at = offset + in.position();
    int value = in.get(in.position()) & 0xFF;
    if (at == 0 && (value == 0xFF || value == 0xFE)) {
      return new BadDocumentException(
          file,
          String.format(
              "byte offset 0: 0x%02X: this looks like UTF-16, and the file must be UTF-8; convert"
                  + " it: iconv -f UTF-16 -t UTF-8 FILE > NEW",
              value));
    }
    return new BadDocumentException(
        file,
        String.format(
            "byte offset %d: 0x%02X does not start or continue a UTF-8 character as it should; the"
                + " file must be UTF-8: convert it, or remove the bytes",
            at, value));
  }

  /** Decodes {@code bytes[0..length)} at once. */
  static String whole(String file, byte[] bytes, int length, long at) {
    StringBuilder text = new StringBuilder();
    new StrictUtf8(file, length).decode(bytes, 0, length, at, true, text::append);
    return text.toString();
  }
}
