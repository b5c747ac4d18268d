package dev.stillhouse.bench;

/** The types that rows of logits come in. */
enum LogitType {
  FLOAT32(Float.BYTES, "float32"),
  BFLOAT16(Short.BYTES, "bfloat16");

  private final int bytes;
  private final String told;

  LogitType(int bytes, String told) {
    this.bytes = bytes;
    this.told = told;
  }

  /** Of one logit. */
  int bytes() {
    return bytes;
  }

  /** As models call it. */
  String message() {
    return told;
  }
}
