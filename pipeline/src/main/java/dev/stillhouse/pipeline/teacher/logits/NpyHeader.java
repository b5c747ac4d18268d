package dev.stillhouse.pipeline.teacher.logits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a .npy file, versions 1 to 3 (NumPy enhancement proposal 1; numpy.lib.format).
 *
 * @param type as NumPy writes it: {@code <f4} is little-endian float32
 * @param shape sizes of the dimensions, each >= 0
 * @param dataOffset bytes before the first value
 */
record NpyHeader(String type, List<Long> shape, long dataOffset) {
  /** Most bytes of magic, version, length and header: NumPy's own are about 128. */
  static final int MOST_BYTES = 64 << 10;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_DIMENSIONS = 8;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\s*\\{\\s*'descr'\\s*:\\s*'([^'\\\\]{1,16})'\\s*,"
              + "\\s*'fortran_order'\\s*:\\s*(True|False)\\s*,"
              + "\\s*'shape'\\s*:\\s*\\(([0-9, ]{0,200})\\)\\s*,?\\s*\\}\\s*");

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a header.
   *
   * @param start the file's first bytes: all of it, or {@link #MOST_BYTES}
   * @throws DataException for anything that NumPy would not have written, or Fortran order
   */
  static NpyHeader parse(String file, ByteBuffer start) {
    ByteBuffer in = start.slice().order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    if (in.remaining() < 12) {
      throw DataException.of(
          "%s: %d bytes are too few for a .npy file; write it with numpy.save",
          file, in.remaining());
    }
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw DataException.of(
          "%s: is no .npy file: it begins with %s, need 93 4e 55 4d 50 59; write it with numpy.save"
              + " (not savez)",
          file, hex(magic));
    }
    int major = Byte.toUnsignedInt(in.get());
    int minor = Byte.toUnsignedInt(in.get());
    if (major < 1 || major > 3 || minor != 0) {
      throw DataException.of("%s: .npy version %d.%d, need 1.0 to 3.0", file, major, minor);
    }
    long length =
        major == 1 ? Short.toUnsignedInt(in.getShort()) : Integer.toUnsignedLong(in.getInt());
    if (length > in.remaining()) {
      throw DataException.of(
          "%s: the header says that it has %d bytes, but %d follow (most that are read: %d)",
          file, length, in.remaining(), MOST_BYTES);
    }
    byte[] text = new byte[(int) length];
    in.get(text);
    return parse(file, new String(text, ISO_8859_1), in.position());
  }

  private static NpyHeader parse(String file, String dictionary, long dataOffset) {
    Matcher match = DICTIONARY.matcher(dictionary);
    if (!match.matches()) {
      throw DataException.of(
          "%s: the header is not understood: %s; need one array of numbers, as numpy.save writes"
              + " it",
          file, dictionary.substring(0, Math.min(200, dictionary.length())).strip());
    }
    NpyHeader header = new NpyHeader(match.group(1), shape(file, match.group(3)), dataOffset);
    if (match.group(2).equals("True")) {
      throw DataException.of(
          "%s: %s in Fortran order, need C order; write it with"
              + " numpy.save(file, numpy.ascontiguousarray(array))",
          file, header);
    }
    return header;
  }

  private static List<Long> shape(String file, String text) {
    String[] sizes = text.strip().split("\\s*,\\s*", -1);
    int count = sizes[sizes.length - 1].isEmpty() ? sizes.length - 1 : sizes.length;
    if (count > MOST_DIMENSIONS
        || !Arrays.stream(sizes).limit(count).allMatch(size -> size.matches("[0-9]{1,15}"))) {
      throw DataException.of(
          "%s: the shape (%s) is not understood; need at most %d sizes",
          file, text, MOST_DIMENSIONS);
    }
    return Arrays.stream(sizes).limit(count).map(Long::parseLong).toList();
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      out.append(String.format("%02x ", b));
    }
    return out.toString().strip();
  }

  /** Type and shape, for messages. */
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
