package dev.stillhouse.pipeline.formats;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file of a source.
 *
 * @param path where it is
 * @param name relative to what the person named; it is kept in the dataset
 * @param bytes its length when it was hashed
 * @param sha256 of its bytes
 * @param progress receives the numbers of bytes that are read
 */
@PublicApi
public record ImportFile(Path path, String name, long bytes, String sha256, LongConsumer progress) {

  /** Opens the file; reading counts as progress. */
  public InputStream open() {
    try {
      return new Counted(Files.newInputStream(path), progress);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns the error of a file that cannot be read. */
  public DataException unreadable(IOException e) {
    return new DataException(path + " cannot be read: " + e, e);
  }

  /**
   * Checks that it has the length that was hashed.
   *
   * @throws DataException if it has not
   */
  public void checkLength() {
    try {
      long now = Files.size(path);
      if (now != bytes) {
        throw DataException.of(
            "%s has %d bytes now, it had %d when it was hashed; import a file that nothing writes"
                + " to",
            path, now, bytes);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static final class Counted extends FilterInputStream {
    private final LongConsumer progress;

    Counted(InputStream in, LongConsumer progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      progress.accept(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      int count = super.read(to, from, length);
      progress.accept(Math.max(0, count));
      return count;
    }
  }
}
