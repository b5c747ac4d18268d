package dev.stillhouse.storage.layout.planes;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Joins planes eight entries at a time, and the remainder by plain Java. */
final class VectorBytePairs implements BytePairs {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final int LANES = INTS.length();

  private final PlainBytePairs plain = new PlainBytePairs();

  @Override
  public void ids(byte[] low, int lowAt, byte[] high, int highAt, int[] ids, int at, int n) {
    int whole = INTS.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      pairs(low, lowAt + i, high, highAt + i).intoArray(ids, at + i);
    }
    plain.ids(low, lowAt + whole, high, highAt + whole, ids, at + whole, n - whole);
  }

  @Override
  public void logProbs(
      byte[] low, int lowAt, byte[] high, int highAt, float[] values, int at, int n) {
    int whole = INTS.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector floats =
          pairs(low, lowAt + i, high, highAt + i)
              .lanewise(VectorOperators.LSHL, LogProbCode.DROPPED_BITS)
              .add(LogProbCode.BITS)
              .reinterpretAsFloats();
      floats.intoArray(values, at + i);
    }
    plain.logProbs(low, lowAt + whole, high, highAt + whole, values, at + whole, n - whole);
  }

  private static IntVector pairs(byte[] low, int lowAt, byte[] high, int highAt) {
    return bytes(high, highAt).lanewise(VectorOperators.LSHL, Byte.SIZE).or(bytes(low, lowAt));
  }

  private static IntVector bytes(byte[] array, int at) {
    return ((IntVector) ByteVector.fromArray(BYTES, array, at).castShape(INTS, 0)).and(0xff);
  }
}
