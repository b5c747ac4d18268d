package dev.stillhouse.bench.layouts;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a new .npz file: a zip of .npy files (version 1.0, little-endian, C order), as {@code
 * numpy.savez_compressed} does. The same arrays give the same bytes.
 */
final class NpzFile implements AutoCloseable {
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int ALIGNMENT = 64;

  private final ZipOutputStream zip;

  NpzFile(Path file) throws IOException {
    zip = new ZipOutputStream(Files.newOutputStream(file));
  }

  /** Adds int32 values. */
  void add(String name, int[] values, int... shape) throws IOException {
    byte[] data = bytes(values.length, Integer.BYTES);
    in(data).asIntBuffer().put(values);
    add(name, "<i4", values.length, data, shape);
  }

  /** Adds float32 values. */
  void add(String name, float[] values, int... shape) throws IOException {
    byte[] data = bytes(values.length, Float.BYTES);
    in(data).asFloatBuffer().put(values);
    add(name, "<f4", values.length, data, shape);
  }

  /** Adds float64 values. */
  void add(String name, double[] values, int... shape) throws IOException {
    byte[] data = bytes(values.length, Double.BYTES);
    in(data).asDoubleBuffer().put(values);
    add(name, "<f8", values.length, data, shape);
  }

  /** Adds texts, in NumPy's form of one length: UTF-32, zeros behind shorter ones. */
  void add(String name, List<String> values) throws IOException {
    int longest = values.stream().mapToInt(v -> v.codePointCount(0, v.length())).max().orElse(1);
    byte[] data = bytes(values.size() * longest, Integer.BYTES);
    for (int i = 0; i < values.size(); i++) {
      int[] points = values.get(i).codePoints().toArray();
      in(data).asIntBuffer().position(i * longest).put(points);
    }
    add(name, "<U" + longest, values.size(), data, values.size());
  }

  private static byte[] bytes(int count, int width) {
    return new byte[Math.multiplyExact(count, width)];
  }

  private static ByteBuffer in(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void add(String name, String type, int count, byte[] data, int... shape)
      throws IOException {
    checkArgument(
        Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b) == count,
        "npz %s: %s values do not have the shape %s",
        name,
        count,
        Arrays.toString(shape));
    String sizes =
        Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int prefix = 10;
    int whole = (prefix + header.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer head = ByteBuffer.allocate(whole).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 0x93).put("NUMPY".getBytes(ISO_8859_1)).put((byte) 1).put((byte) 0);
    head.putShort((short) (whole - prefix)).put(header.getBytes(ISO_8859_1));
    while (head.remaining() > 1) {
      head.put((byte) ' ');
    }
    head.put((byte) '\n');
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(head.array());
    zip.write(data);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
