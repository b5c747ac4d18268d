package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.Vectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts two planes of bytes together, a run of entries at a time. */
interface BytePairs {
  /** Bits 0 to 15 of {@code n} ids. */
  void ids(byte[] low, int lowAt, byte[] high, int highAt, int[] ids, int at, int n);

  /** The values of {@code n} codes. */
  void logProbs(byte[] low, int lowAt, byte[] high, int highAt, float[] values, int at, int n);

  /** The fastest there is. */
  static BytePairs best() {
    return Chosen.BEST;
  }

  /** Chooses once, at start. */
  final class Chosen {
    private static final Logger LOG = LoggerFactory.getLogger(BytePairs.class);
    private static final BytePairs BEST = choose();

    private Chosen() {}

    /** By name: the class cannot be loaded without the module, nor compiled without a warning. */
    private static BytePairs choose() {
      if (Vectors.unavailableReason().isPresent()) {
        LOG.debug("planes are read by plain Java: {}", Vectors.unavailableReason().get());
        return new PlainBytePairs();
      }
      try {
        return Class.forName(BytePairs.class.getPackageName() + ".VectorBytePairs")
            .asSubclass(BytePairs.class)
            .getDeclaredConstructor()
            .newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the vector loops are not in this build", e);
      }
    }
  }
}
