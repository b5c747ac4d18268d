package dev.stillhouse.pipeline.teacher.logits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a .npy file, versions 1 to 3 (NumPy enhancement proposal 1; numpy.lib.format).
 *
 * @param type as NumPy writes it: {@code <f4} is little-endian float32
 * @param shape sizes of the dimensions, each >= 0
 * @param dataOffset bytes before the first value
 */
public record NpyHeader(String type, List<Long> shape, long dataOffset) {
  /** Max bytes of magic, version, length and header: NumPy's own are about 128. */
  public static final int MAX_BYTES = 64 << 10;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_DIMENSIONS = 8;
  private static final String TEXT = "'[^'\\\\]{0,200}'|\"[^\"\\\\]{0,200}\"";
  private static final Pattern DICTIONARY = Pattern.compile("\\s*\\{(.*)\\}\\s*", Pattern.DOTALL);

  /** Matches a key and its value. Python 2 wrote an L behind sizes, and keys in another order. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*("
              + TEXT
              + ")\\s*:\\s*("
              + TEXT
              + "|True|False|\\([0-9, Ll]{0,200}\\)|\\[.{0,2000}\\])\\s*(?:,\\s*|$)",
          Pattern.DOTALL);

  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a header.
   *
   * @param start the file's first bytes: all of it, or {@link #MAX_BYTES}
   * @throws DataException for anything that NumPy would not load as one array, or Fortran order
   */
  public static NpyHeader parse(String file, ByteBuffer start) {
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
          file, length, in.remaining(), MAX_BYTES);
    }
    byte[] text = new byte[(int) length];
    in.get(text);
    return parse(file, new String(text, ISO_8859_1), in.position());
  }

  private static NpyHeader parse(String file, String dictionary, long dataOffset) {
    Map<String, String> entries = entries(dictionary);
    String descr = entries.getOrDefault("descr", "");
    String order = entries.getOrDefault("fortran_order", "");
    String shape = entries.getOrDefault("shape", "");
    if (descr.startsWith("[")) {
      throw DataException.of(
          "%s: an array of named fields; save the one that is meant, as in"
              + " numpy.save(file, array['logits'])",
          file);
    }
    if (!entries.keySet().equals(KEYS)
        || !descr.matches(TEXT)
        || !order.matches("True|False")
        || !shape.startsWith("(")) {
      throw DataException.of(
          "%s: the header is not understood: %s; need one array of numbers, as numpy.save writes"
              + " it",
          file, dictionary.substring(0, Math.min(200, dictionary.length())).strip());
    }
    NpyHeader header = new NpyHeader(inner(descr), shape(file, inner(shape)), dataOffset);
    if (order.equals("True")) {
      throw DataException.of(
          "%s: %s in Fortran order, need C order; write it with"
              + " numpy.save(file, numpy.ascontiguousarray(array))",
          file, header);
    }
    return header;
  }

  /** Returns the text between quotes or brackets. */
  private static String inner(String value) {
    return value.substring(1, value.length() - 1);
  }

  /** Returns the values by key as they are written; empty if the text is no dictionary of such. */
  private static Map<String, String> entries(String dictionary) {
    Matcher whole = DICTIONARY.matcher(dictionary);
    if (!whole.matches()) {
      return Map.of();
    }
    Map<String, String> entries = new HashMap<>();
    String body = whole.group(1);
    Matcher entry = ENTRY.matcher(body);
    int at = 0;
    while (entry.find() && entry.start() == at) {
      if (entries.put(inner(entry.group(1)), entry.group(2)) != null) {
        return Map.of();
      }
      at = entry.end();
    }
    return at == body.length() ? entries : Map.of();
  }

  /** Returns how to convert an array of another type. */
  String advice() {
    if (type.endsWith("O")) {
      return "it holds Python objects, which are not read; make it one array of numbers before it"
          + " is saved: numpy.stack(list(array)).astype('float32')";
    }
    if (type.endsWith("V2")) {
      return "NumPy has no bfloat16 and saved bytes without a type; convert it:"
          + " numpy.load(FILE).view(ml_dtypes.bfloat16).astype('float32'), or save"
          + " tensor.float().numpy()";
    }
    return "convert it with array.astype";
  }

  private static List<Long> shape(String file, String text) {
    String[] sizes = text.replaceAll("(?<=[0-9])[Ll]", "").strip().split("\\s*,\\s*", -1);
    int count = sizes[sizes.length - 1].isEmpty() ? sizes.length - 1 : sizes.length;
    if (count > MAX_DIMENSIONS
        || !Arrays.stream(sizes).limit(count).allMatch(size -> size.matches("[0-9]{1,15}"))) {
      throw DataException.of(
          "%s: the shape (%s) is not understood; need at most %d sizes",
          file, text, MAX_DIMENSIONS);
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

  /** Returns the type and shape, for messages. */
  @Override
  public String toString() {
    return type + " " + shape;
  }
}
