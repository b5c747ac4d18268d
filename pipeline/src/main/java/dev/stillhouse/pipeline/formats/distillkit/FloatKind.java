package dev.stillhouse.pipeline.formats.distillkit;

import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Float16;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/** A type of floating point numbers, little-endian. */
enum FloatKind {
  FLOAT16(2, SourceFacts.FLOAT16),
  BFLOAT16(2, SourceFacts.BFLOAT16),
  FLOAT32(4, 0),
  FLOAT64(8, 0);

  private final int bytes;
  private final double share;

  FloatKind(int bytes, double share) {
    this.bytes = bytes;
    this.share = share;
  }

  static FloatKind named(String setting, String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                DataException.of(
                    "compression settings: %s is '%s', need float16, bfloat16, float32 or float64",
                    setting, name));
  }

  int bytes() {
    return bytes;
  }

  /** Returns the share by which rounding to it moves a value at most. */
  double share() {
    return share;
  }

  double read(ByteBuffer from) {
    return switch (this) {
      case FLOAT16 -> Float16.widen(from.getShort());
      case BFLOAT16 -> Float.intBitsToFloat(from.getShort() << 16);
      case FLOAT32 -> from.getFloat();
      case FLOAT64 -> from.getDouble();
    };
  }

  /** Returns the nearest number of this type. */
  float round(double value) {
    float single = (float) value;
    return switch (this) {
      case FLOAT16 -> Float16.widen(Float16.narrow(single));
      case BFLOAT16 -> {
        int bits = Float.floatToRawIntBits(single);
        yield Float.isNaN(single) || Float.isInfinite(single)
            ? single
            : Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF_0000);
      }
      default -> single;
    };
  }
}
