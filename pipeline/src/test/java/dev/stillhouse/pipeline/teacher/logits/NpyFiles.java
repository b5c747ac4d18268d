package dev.stillhouse.pipeline.teacher.logits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes .npy files as NumPy does, and as it does not. */
public final class NpyFiles {
  private NpyFiles() {}

  /** A file of version 1.0. */
  public static Path write(Path file, String type, String shape, byte[] data) throws IOException {
    return write(file, 1, header(type, "False", shape), data);
  }

  static String header(String type, String fortran, String shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
  }

  public static Path write(Path file, int version, String header, byte[] data) throws IOException {
    int prefix = version == 1 ? 10 : 12;
    int padded = (prefix + header.length() + 1 + 63) / 64 * 64 - prefix;
    byte[] text = (header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(prefix + padded + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(ISO_8859_1)).put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) padded);
    } else {
      out.putInt(padded);
    }
    return Files.write(file, out.put(text).put(data).array());
  }

  /** float32, or with {@code <f2} what float16 keeps of whole numbers below 2048. */
  public static byte[] logits(String type, float... values) {
    byte[] bytes = new byte[values.length * (type.equals("<f2") ? 2 : 4)];
    ByteBuffer out = buffer(bytes);
    for (float value : values) {
      if (type.equals("<f2")) {
        out.putShort(half(value));
      } else {
        out.putFloat(value);
      }
    }
    return bytes;
  }

  /** Exact for values that float16 has, normal or zero. */
  static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
    return (short) (value == 0 ? sign : sign | exponent << 10 | (bits >>> 13 & 0x3FF));
  }

  /** Ids as {@code <i4}, {@code <i8} or {@code <u2}. */
  public static byte[] ids(String type, int... ids) {
    int width = type.charAt(2) - '0';
    byte[] bytes = new byte[ids.length * width];
    ByteBuffer out = buffer(bytes);
    for (int id : ids) {
      switch (width) {
        case 2 -> out.putShort((short) id);
        case 4 -> out.putInt(id);
        default -> out.putLong(id);
      }
    }
    return bytes;
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
