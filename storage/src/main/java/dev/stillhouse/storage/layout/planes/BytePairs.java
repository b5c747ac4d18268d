package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.Vectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins two planes of bytes, a run of entries at a time. */
interface BytePairs {
  /** Joins bits 0 to 7 and 8 to 15 of {@code n} ids. */
  void ids(byte[] low, int lowAt, byte[] high, int highAt, int[] ids, int at, int n);

  /** Joins the bytes of {@code n} codes and decodes their values. */
  void logProbs(byte[] low, int lowAt, byte[] high, int highAt, float[] values, int at, int n);

  /** Returns the fastest implementation of this JVM. */
  static BytePairs best() {
    return Chosen.BEST;
  }

  /** Holds the choice, which is made once. */
  final class Chosen {
    private static final Logger LOG = LoggerFactory.getLogger(BytePairs.class);
    private static final BytePairs BEST = choose();

    private Chosen() {}

    /**
     * Returns an implementation. The one with vectors is loaded by name: without its module the
     * class cannot be loaded, nor compiled without a warning.
     */
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
