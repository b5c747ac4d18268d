package dev.stillhouse.pipeline.job;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes arrays as bytes: their length, then their elements. */
public final class CodedArrays {
  private CodedArrays() {}

  /** Writes the first {@code n} elements. */
  public static void write(int[] values, int n, DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(n * Integer.BYTES);
    bytes.asIntBuffer().put(values, 0, n);
    write(bytes.array(), bytes.capacity(), out);
  }

  /** Writes the first {@code n} elements. */
  public static void write(float[] values, int n, DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(n * Float.BYTES);
    bytes.asFloatBuffer().put(values, 0, n);
    write(bytes.array(), bytes.capacity(), out);
  }

  /** Writes the first {@code n} elements. */
  public static void write(byte[] values, int n, DataOutputStream out) throws IOException {
    out.writeInt(n);
    out.write(values, 0, n);
  }

  public static int[] readInts(DataInputStream in) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(readBytes(in));
    int[] values = new int[bytes.capacity() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  public static float[] readFloats(DataInputStream in) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(readBytes(in));
    float[] values = new float[bytes.capacity() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  public static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    // Memory grows with what is there, not with what is claimed.
    byte[] values = in.readNBytes(Math.max(0, length));
    if (values.length != length) {
      throw new EOFException("an array of " + length + " bytes ends after " + values.length);
    }
    return values;
  }
}
