package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.ByteOrderMark;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard input as a corpus file. It is read twice, to be hashed and to be packed, so it is first
 * copied to a temporary file, which {@link #close} deletes. Its path is part of no hash: the same
 * input is the same corpus, and a rerun continues the last one.
 */
public final class StandardInput implements Closeable {
  /** The corpus argument that means standard input. */
  public static final String ARGUMENT = "-";

  private static final String NAME = "stdin";
  private static final String COPY = "stillhouse-stdin";
  private static final int PEEK = 64 << 10;

  private final Path path;
  private final CorpusFormat format;

  private StandardInput(Path path, CorpusFormat format) {
    this.path = path;
    this.format = format;
  }

  /**
   * Copies the input.
   *
   * @param as one of {@link CorpusFormat#names()}; with null it is text, and input that looks like
   *     jsonl is refused
   */
  public static StandardInput copy(InputStream in, @Nullable String as) {
    CorpusFormat format = format(as);
    try {
      byte[] start = in.readNBytes(PEEK);
      if (as == null && firstCharacter(start) == '{') {
        throw new UsageException(
            "standard input begins with '{': is it jsonl, or a text? Give --stdin-as jsonl or"
                + " --stdin-as txt");
      }
      Path path = Files.createTempFile(COPY, format.suffix());
      // For ends that run no finally, as that by a signal.
      path.toFile().deleteOnExit();
      StandardInput input = new StandardInput(path, format);
      try (OutputStream out = Files.newOutputStream(path)) {
        out.write(start);
        in.transferTo(out);
      } catch (IOException e) {
        input.close();
        throw e;
      }
      return input;
    } catch (IOException e) {
      throw new DataException(
          "standard input cannot be copied to a temporary file (in "
              + System.getProperty("java.io.tmpdir")
              + "): "
              + e.getMessage(),
          e);
    }
  }

  private static CorpusFormat format(@Nullable String as) {
    if (as == null) {
      return CorpusFormat.TEXT;
    }
    return CorpusFormat.named(as)
        .orElseThrow(
            () ->
                UsageException.of(
                    "--stdin-as '%s': need one of %s",
                    as, String.join(", ", CorpusFormat.names())));
  }

  private static int firstCharacter(byte[] start) {
    for (byte b : ByteOrderMark.without(start)) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b;
      }
    }
    return -1;
  }

  /** Returns a path for messages. The path of such a copy is replaced by words. */
  public static String place(String path) {
    boolean copy = String.valueOf(Path.of(path).getFileName()).startsWith(COPY);
    return copy ? "standard input" : path;
  }

  public CorpusFile file() {
    try {
      return new CorpusFile(path, NAME, format, Compression.NONE, Files.size(path));
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new DataException(
          "the copy of standard input, " + path + ", cannot be deleted: " + e.getMessage(), e);
    }
  }
}
