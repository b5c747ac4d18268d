package dev.stillhouse.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output or standard error behind {@link Printable}: nothing written there, libraries'
 * logs and stack traces included, can control the terminal. It remembers the first write that
 * failed, which a {@link PrintStream} only hints at.
 */
public final class PrintableStream extends OutputStream {
  private static final int CHUNK = 4096;

  private final OutputStream to;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer pending = ByteBuffer.allocate(CHUNK + 8);
  private final CharBuffer chars = CharBuffer.allocate(CHUNK + 8);
  private @Nullable IOException failure;

  /**
   * Creates a stream.
   *
   * @param to gets UTF-8
   */
  public PrintableStream(OutputStream to) {
    this.to = to;
  }

  /** Returns a print stream, flushed after each line, that writes through this one. */
  public PrintStream printer() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int some = Math.min(CHUNK, length - done);
      pending.put(bytes, offset + done, some).flip();
      decoder.decode(pending, chars, false);
      pending.compact(); // A character may lie across two writes.
      byte[] escaped = Printable.text(chars.flip().toString()).getBytes(StandardCharsets.UTF_8);
      chars.clear();
      forward(() -> to.write(escaped));
      done += some;
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    forward(to::flush);
  }

  private interface Action {
    void run() throws IOException;
  }

  private void forward(Action action) throws IOException {
    try {
      action.run();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /**
   * Returns the error of the first failed write, as in "No space left on device"; empty if none
   * failed, or the reader closed its pipe early.
   */
  public synchronized Optional<String> failure() {
    return failure == null || closedPipe(failure)
        ? Optional.empty()
        : Optional.of(String.valueOf(failure.getMessage()));
  }

  private static boolean closedPipe(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
  }
}
