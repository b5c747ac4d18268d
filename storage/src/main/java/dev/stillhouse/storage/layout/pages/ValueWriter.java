package dev.stillhouse.storage.layout.pages;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.parquet.PageFileWriter;
import java.io.IOException;

/** Writes the values of a row's columns, each as a page. */
public final class ValueWriter {
  private static final int PREFIX = Integer.BYTES;

  private final PageFileWriter file;
  private byte[] value = new byte[0];

  ValueWriter(PageFileWriter file) {
    this.file = file;
  }

  /**
   * Returns an array with room for a value of {@code length} bytes. The caller overwrites what is
   * in it.
   */
  public byte[] room(long length) {
    if (length > PlaneValue.MAX_BYTES) {
      throw DataException.of(
          "a plane of %d bytes; a sequence may have %d, so choose shorter sequences",
          length, PlaneValue.MAX_BYTES);
    }
    int all = (int) length + PREFIX;
    value = value.length < all ? new byte[Math.max(all, value.length * 3 / 2)] : value;
    return value;
  }

  /** Returns where in {@link #room} a value starts. */
  public static int start() {
    return PREFIX;
  }

  /** Writes the value in {@link #room} as a page. */
  public void write(int column, int length) throws IOException {
    PlaneBytes.int32(value, 0, length);
    file.page(column, value, PREFIX + length);
  }

  /** Writes a plane of bytes as they are. */
  public void bytes(int column, byte[] bytes, int from, int n) throws IOException {
    System.arraycopy(bytes, from, room(n), PREFIX, n);
    write(column, n);
  }

  /** Writes {@code width} planes of integers. */
  void ints(int column, int width, int[] ints, int from, int n) throws IOException {
    PlaneBytes.putInts(room((long) width * n), PREFIX, width, ints, from, n);
    write(column, width * n);
  }

  /** Writes a byte that says how many planes follow, and the planes. */
  void sizedInts(int column, int[] ints, int from, int n) throws IOException {
    int width = PlaneBytes.width(ints, from, n);
    byte[] out = room(1L + (long) width * n);
    out[PREFIX] = (byte) width;
    PlaneBytes.putInts(out, PREFIX + 1, width, ints, from, n);
    write(column, 1 + width * n);
  }

  /** Writes four planes of floats. */
  void floats(int column, float[] floats, int from, int n) throws IOException {
    PlaneBytes.putFloats(room(4L * n), PREFIX, floats, from, n);
    write(column, 4 * n);
  }

  /** Refuses numbers that do not fit into {@code width} bytes. */
  void below(int width, String name, int[] ints, int from, int n) {
    int max = PlaneBytes.width(ints, from, n);
    checkArgument(
        max <= width, "a %s needs %s bytes, the header's vocabulary gives it %s", name, max, width);
  }
}
