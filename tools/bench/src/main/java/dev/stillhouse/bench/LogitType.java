package dev.stillhouse.bench;

/** The types of logits. */
enum LogitType {
  FLOAT32(Float.BYTES, "float32"),
  BFLOAT16(Short.BYTES, "bfloat16");

  private final int bytes;
  private final String told;

  LogitType(int bytes, String told) {
    this.bytes = bytes;
    this.told = told;
  }

  /** Returns the bytes of one logit. */
  int bytes() {
    return bytes;
  }

  /** Returns the name that models use. */
  String message() {
    return told;
  }
}
