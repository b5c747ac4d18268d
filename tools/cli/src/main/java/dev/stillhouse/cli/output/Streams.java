package dev.stillhouse.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The standard output and standard error of a command. While it is open, {@link System#out} and
 * {@link System#err} are {@link PrintableStream}s. The direct streams are for the program's own
 * output: colours, progress bars, and bytes that the user asked for.
 */
public final class Streams implements AutoCloseable {
  private static volatile OutputStream directOut = System.out;
  private static volatile PrintStream directErrors = System.err;

  private final PrintStream outBefore = System.out;
  private final PrintStream errBefore = System.err;
  private final OutputStream directOutBefore = directOut;
  private final PrintStream directErrorsBefore = directErrors;
  private final OutputStream out;
  private final OutputStream err;
  private final PrintableStream printed;

  private Streams(OutputStream out, OutputStream err) {
    this.out = out;
    this.err = err;
    this.printed = new PrintableStream(out);
  }

  /** Replaces both of the JVM's streams, which must carry UTF-8 from here on. */
  public static Streams open(OutputStream out, OutputStream err) {
    Streams streams = new Streams(out, err);
    System.setOut(streams.printed.printer());
    System.setErr(new PrintableStream(err).printer());
    directOut = out;
    directErrors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return streams;
  }

  /** Returns standard error as it is: for a bar's carriage returns, never for text from data. */
  public static PrintStream directErrors() {
    return directErrors;
  }

  /**
   * Returns standard output as it is, for bytes that the user asked for; closing it does nothing.
   */
  public static OutputStream directOut() {
    return new FilterOutputStream(directOut) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  /** Returns a writer to standard output for the program's own, possibly coloured text. */
  public PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  /** Returns a writer to standard error for the program's own, possibly coloured text. */
  public PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }

  /** Returns why standard output is not complete; empty if it is, or its reader has closed it. */
  public Optional<String> failure() {
    System.out.flush();
    return printed.failure();
  }

  @Override
  public void close() {
    System.out.flush();
    System.err.flush();
    System.setOut(outBefore);
    System.setErr(errBefore);
    directOut = directOutBefore;
    directErrors = directErrorsBefore;
  }
}
