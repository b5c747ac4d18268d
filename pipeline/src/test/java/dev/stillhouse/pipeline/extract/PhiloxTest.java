package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** The known answers that the authors publish with Random123 for philox4x32-10. */
  @Test
  void givesTheKnownAnswers() {
    assertWords(0, 0, new int[4], new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    assertWords(
        -1,
        -1,
        new int[] {-1, -1, -1, -1},
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    assertWords(
        0xa4093822,
        0x299f31d0,
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  }

  private static void assertWords(int key0, int key1, int[] counter, int[] expected) {
    Philox.apply(key0, key1, counter);
    assertArrayEquals(expected, counter);
  }

  /** They are kept for ever: a dataset that is resumed next year must draw the same. */
  @Test
  void uniformsAreAFunctionOfSeedSequenceAndPosition() {
    double[] some = new Uniforms(7, 3).ascending(1L << 40, 5).clone();
    assertArrayEquals(some, new Uniforms(7, 3).ascending(1L << 40, 5));
    int[] words = {0, 5, 0, 1 << 8};
    Philox.apply(7, 0, words);
    double first = (((long) words[0] << 32 | (words[1] & 0xFFFFFFFFL)) >>> 11) * 0x1p-53;
    assertTrue(Arrays.stream(some).anyMatch(value -> value == first));
    for (double[] other :
        new double[][] {
          new Uniforms(8, 3).ascending(1L << 40, 5),
          new Uniforms(7 + (1L << 32), 3).ascending(1L << 40, 5),
          new Uniforms(7, 3).ascending(1L << 41, 5),
          new Uniforms(7, 3).ascending(0, 5),
          new Uniforms(7, 3).ascending(1L << 40, 6)
        }) {
      assertFalse(Arrays.equals(some, other));
    }
  }

  @Test
  void uniformsFillTheUnitInterval() {
    double[] many = new Uniforms(1, 50_000).ascending(0, 0);
    for (int n = 0; n < many.length; n++) {
      assertEquals((n + 0.5) / many.length, many[n], 0.012); // Kolmogorov: p about 1e-6.
    }
    assertTrue(many[0] >= 0 && many[many.length - 1] < 1);
  }
}
