package dev.stillhouse.pipeline.teacher.logits;

/** IEEE 754 binary16, widened exactly; {@code Float.float16ToFloat} is of JDK 20. */
final class Float16 {
  private static final float SUBNORMAL = 0x1p-24f;

  private Float16() {}

  static float toFloat(short half) {
    int exponent = (half >> 10) & 0x1F;
    int fraction = half & 0x3FF;
    int sign = (half & 0x8000) << 16;
    if (exponent == 0) {
      float value = fraction * SUBNORMAL;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
