package dev.stillhouse.pipeline.teacher.logits;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A .npy file, mapped in windows since one mapping holds at most 2 GiB. A window is a whole number
 * of rows. The garbage collector removes mappings; the file must not be truncated while it is read.
 */
final class NpyFile {
  /** Max bytes of a window, unless a row is longer. */
  static final long WINDOW = 1L << 30;

  private final Path path;
  private final NpyHeader header;
  private final long rows;
  private final long rowBytes;
  private final long windowRows;
  private final List<ByteBuffer> windows = new ArrayList<>();

  /**
   * Maps a file.
   *
   * @param types bytes of a value by type; others are refused
   * @param inner how many of the last dimensions make a row
   * @param minOuter how many dimensions number the rows, or one more
   * @param window max bytes of a window
   */
  NpyFile(Path path, Map<String, Integer> types, int inner, int minOuter, long window) {
    this.path = path;
    if (!Files.isRegularFile(path)) {
      throw DataException.of("%s: there is no such file", path);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      header =
          NpyHeader.parse(
              path.toString(),
              channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, NpyHeader.MAX_BYTES)));
      int dimensions = header.shape().size();
      Integer width = types.get(header.type());
      if (width == null) {
        throw DataException.of(
            "%s: has %s, need one of %s (little-endian); %s",
            path, header, types.keySet().stream().sorted().toList(), header.advice());
      }
      int min = inner + minOuter;
      if (dimensions < min || dimensions > min + 1) {
        throw DataException.of("%s: has %s, need %d or %d dimensions", path, header, min, min + 1);
      }
      rows = product(header.shape().subList(0, dimensions - inner));
      rowBytes =
          Math.multiplyExact(
              product(header.shape().subList(dimensions - inner, dimensions)), (long) width);
      if (rowBytes < 1 || rowBytes > Integer.MAX_VALUE) {
        throw DataException.of(
            "%s: has %s: a row of %d bytes, need 1 to %d",
            path, header, rowBytes, Integer.MAX_VALUE);
      }
      checkLength(size);
      windowRows = Math.max(1, window / Math.max(1, rowBytes));
      for (long row = 0; row < rows; row += windowRows) {
        MappedByteBuffer mapped =
            channel.map(
                FileChannel.MapMode.READ_ONLY,
                header.dataOffset() + row * rowBytes,
                Math.min(windowRows, rows - row) * rowBytes);
        windows.add(mapped.order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    } catch (ArithmeticException e) {
      throw new DataException(path + ": its shape has more values than any file", e);
    }
  }

  private static long product(List<Long> sizes) {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  private void checkLength(long size) {
    long need = Math.addExact(header.dataOffset(), Math.multiplyExact(rows, rowBytes));
    if (size != need) {
      throw DataException.of(
          "%s: has %d bytes, but %s needs %d; was it written to the end, and by numpy.save?",
          path, size, header, need);
    }
  }

  NpyHeader header() {
    return header;
  }

  Path path() {
    return path;
  }

  /** Returns the number of rows. */
  long rows() {
    return rows;
  }

  /** Returns the number of rows from {@code row} on that lie in its window. */
  long rowsInWindow(long row) {
    return Math.min(rows, (row / windowRows + 1) * windowRows) - row;
  }

  /** Returns a view of {@code count} rows, which must lie in one window. */
  ByteBuffer view(long row, int count) {
    long at = (row % windowRows) * rowBytes;
    return windows
        .get((int) (row / windowRows))
        .slice((int) at, (int) (count * rowBytes))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
