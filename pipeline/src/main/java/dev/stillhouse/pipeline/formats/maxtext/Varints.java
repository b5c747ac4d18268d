package dev.stillhouse.pipeline.formats.maxtext;

/** Reads numbers of seven bits a byte, the lowest first. */
final class Varints {
  /** Reports bytes that are no numbers. */
  static final class CutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CutException(String why) {
      super(why);
    }
  }

  private final byte[] bytes;
  private int at;

  Varints(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  /** Returns the next number. */
  long next() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at >= bytes.length) {
        break;
      }
      int part = bytes[at++];
      value |= (long) (part & 0x7F) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new CutException("a number is cut");
  }

  /** Returns the next number, which is a length of at most {@code max}. */
  int length(int max) {
    long value = next();
    if (value < 0 || value > max) {
      throw new CutException("a length of " + value + ", at most " + max + " fit");
    }
    return (int) value;
  }

  int position() {
    return at;
  }

  /** Returns a varint field of a message of varint fields; 0 if it is not there. */
  static long field(byte[] message, int length, int number) {
    Varints in = new Varints(message, 0);
    while (in.at < length) {
      long tag = in.next();
      long value = in.next();
      if (tag == (long) number << 3) {
        return value;
      }
    }
    return 0;
  }
}
