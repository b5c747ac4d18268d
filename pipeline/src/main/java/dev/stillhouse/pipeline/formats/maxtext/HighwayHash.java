package dev.stillhouse.pipeline.formats.maxtext;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** HighwayHash of 64 bits with the key of Riegeli's files. */
final class HighwayHash {
  private static final long[] KEY = {
    0x2f696c6567656952L, 0x0a7364726f636572L, 0x2f696c6567656952L, 0x0a7364726f636572L
  };
  private static final long[] FIRST = {
    0xdbe6d5d5fe4cce2fL, 0xa4093822299f31d0L, 0x13198a2e03707344L, 0x243f6a8885a308d3L
  };
  private static final long[] SECOND = {
    0x3bd39e10cb0ef593L, 0xc0acf169b5f18a8cL, 0xbe5466cf34e90c6cL, 0x452821e638d01377L
  };
  private static final int PACKET = 32;
  private static final long LOW = 0xFFFF_FFFFL;

  private final long[] v0 = new long[4];
  private final long[] v1 = new long[4];
  private final long[] mul0 = FIRST.clone();
  private final long[] mul1 = SECOND.clone();

  private HighwayHash() {
    for (int i = 0; i < 4; i++) {
      v0[i] = mul0[i] ^ KEY[i];
      v1[i] = mul1[i] ^ Long.rotateLeft(KEY[i], 32);
    }
  }

  /** Returns the hash of some bytes. */
  static long of(byte[] bytes, int from, int length) {
    HighwayHash hash = new HighwayHash();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int whole = length / PACKET * PACKET;
    for (int at = 0; at < whole; at += PACKET) {
      hash.update(in, from + at);
    }
    if (length > whole) {
      hash.rest(bytes, from + whole, length - whole);
    }
    return hash.end();
  }

  private void update(ByteBuffer in, int at) {
    update(in.getLong(at), in.getLong(at + 8), in.getLong(at + 16), in.getLong(at + 24));
  }

  private void update(long a, long b, long c, long d) {
    lane(0, a);
    lane(1, b);
    lane(2, c);
    lane(3, d);
    for (int i = 0; i < 4; i += 2) {
      v0[i] += lower(v1[i + 1], v1[i]);
      v0[i + 1] += upper(v1[i + 1], v1[i]);
    }
    for (int i = 0; i < 4; i += 2) {
      v1[i] += lower(v0[i + 1], v0[i]);
      v1[i + 1] += upper(v0[i + 1], v0[i]);
    }
  }

  private void lane(int i, long packet) {
    v1[i] += mul0[i] + packet;
    mul0[i] ^= (v1[i] & LOW) * (v0[i] >>> 32);
    v0[i] += mul1[i];
    mul1[i] ^= (v0[i] & LOW) * (v1[i] >>> 32);
  }

  private static long lower(long odd, long even) {
    return ((even & 0xff000000L) | (odd & 0xff00000000L)) >>> 24
        | ((even & 0xff0000000000L) | (odd & 0xff000000000000L)) >>> 16
        | (even & 0xff0000L)
        | (even & 0xff00L) << 32
        | (odd & 0xff00000000000000L) >>> 8
        | even << 56;
  }

  private static long upper(long odd, long even) {
    return ((odd & 0xff000000L) | (even & 0xff00000000L)) >>> 24
        | (odd & 0xff0000L)
        | (odd & 0xff0000000000L) >>> 16
        | (odd & 0xff00L) << 24
        | (even & 0xff000000000000L) >>> 8
        | (odd & 0xffL) << 48
        | (even & 0xff00000000000000L);
  }

  private void rest(byte[] bytes, int from, int length) {
    for (int i = 0; i < 4; i++) {
      v0[i] += ((long) length << 32) + length;
      int high = Integer.rotateLeft((int) (v1[i] >>> 32), length);
      int low = Integer.rotateLeft((int) v1[i], length);
      v1[i] = (long) high << 32 | (low & LOW);
    }
    byte[] packet = new byte[PACKET];
    int whole = length & ~3;
    int odd = length & 3;
    System.arraycopy(bytes, from, packet, 0, whole);
    int at = from + whole;
    if ((length & 16) != 0) {
      System.arraycopy(bytes, at + odd - 4, packet, 28, 4);
    } else if (odd > 0) {
      packet[16] = bytes[at];
      packet[17] = bytes[at + (odd >>> 1)];
      packet[18] = bytes[at + odd - 1];
    }
    update(ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN), 0);
  }

  private long end() {
    for (int i = 0; i < 4; i++) {
      update(
          Long.rotateLeft(v0[2], 32),
          Long.rotateLeft(v0[3], 32),
          Long.rotateLeft(v0[0], 32),
          Long.rotateLeft(v0[1], 32));
    }
    return v0[0] + v1[0] + mul0[0] + mul1[0];
  }
}
