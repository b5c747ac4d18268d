package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalFloatTest {
  private static void check(String text) {
    byte[] bytes = (" " + text + " ").getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        Float.floatToRawIntBits(Float.parseFloat(text)),
        Float.floatToRawIntBits(DecimalFloat.parse(bytes, 1, bytes.length - 1)),
        text);
  }

  /** As Python writes a float32: the shortest decimals of the same double. */
  @Property(tries = 20_000)
  void anyFloat(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isFinite(value)) {
      check(Double.toString(value));
      check(Float.toString(value));
    }
  }

  /** Log-probs, and decimals between two floats and beside the middle of them. */
  @Property(tries = 20_000)
  void betweenTwoFloats(@ForAll @IntRange(min = 0x30000000, max = 0x42000000) int bits) {
    float low = Float.intBitsToFloat(bits);
    double middle = (low + (double) Math.nextUp(low)) / 2;
    for (double near : new double[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
      check("-" + new java.math.BigDecimal(near).toPlainString());
      check(Double.toString(near));
    }
  }

  @Property(tries = 20_000)
  void anyDigits(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long digits,
      @ForAll @IntRange(min = 0, max = 25) int behind) {
    check(java.math.BigDecimal.valueOf(digits, behind).toPlainString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "0.0e5",
        "1e5",
        "1E-5",
        "-1.5e+3",
        "1e400",
        "-9999.0",
        "3.4028236e38",
        "1.401298464324817e-45",
        "1e-50",
        "123456789012345678901234567890",
        "0.00000000000000000000000001"
      })
  void forms(String text) {
    check(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-", ".5", "5.", "01", "-01.5", "1e", "1e+", "1.e5", "1-2", "1.2.3", "e5", "1e5.0", "+1"
      })
  void whatIsNoNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThrows(NumberFormatException.class, () -> DecimalFloat.parse(bytes, 0, bytes.length));
  }
}
