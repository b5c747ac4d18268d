package dev.stillhouse.storage.layout.planes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stillhouse.storage.Vectors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The vector loops and their plain twin give the same bits, and touch nothing else. */
class BytePairsTest {
  private static final int ROOM = 100;
  private static final BytePairs PLAIN = new PlainBytePairs();

  @Test
  void vectorsAreChosenWhereTheModuleIs() {
    assertEquals(Optional.empty(), Vectors.unavailableReason());
    assertInstanceOf(VectorBytePairs.class, BytePairs.best());
  }

  @Test
  void everyPairOfBytesGivesTheNumberOfSixteenBits() {
    byte[] low = new byte[1 << 16];
    byte[] high = new byte[1 << 16];
    for (int i = 0; i < low.length; i++) {
      low[i] = (byte) i;
      high[i] = (byte) (i >>> 8);
    }
    int[] ids = new int[low.length];
    float[] values = new float[low.length];
    BytePairs.best().ids(low, 0, high, 0, ids, 0, low.length);
    BytePairs.best().logProbs(low, 0, high, 0, values, 0, low.length);
    for (int i = 0; i < low.length; i++) {
      assertEquals(i, ids[i]);
      assertEquals(i, LogProbCode.of(values[i]), "code of " + values[i]);
    }
  }

  @Property(tries = 200)
  void runsOfAnyLengthAtAnyPlace(
      @ForAll long seed,
      @ForAll @IntRange(max = 40) int lowAt,
      @ForAll @IntRange(max = 40) int highAt,
      @ForAll @IntRange(max = 40) int at,
      @ForAll @IntRange(max = 60) int n) {
    byte[] low = new byte[ROOM];
    byte[] high = new byte[ROOM];
    new Random(seed).nextBytes(low);
    new Random(~seed).nextBytes(high);
    int[][] ids = {new int[ROOM], new int[ROOM]};
    float[][] values = {new float[ROOM], new float[ROOM]};
    BytePairs[] both = {PLAIN, BytePairs.best()};
    for (int i = 0; i < both.length; i++) {
      Arrays.fill(ids[i], -1);
      both[i].ids(low, lowAt, high, highAt, ids[i], at, n);
      both[i].logProbs(low, lowAt, high, highAt, values[i], at, n);
    }
    assertArrayEquals(ids[0], ids[1]);
    assertArrayEquals(bits(values[0]), bits(values[1]));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
