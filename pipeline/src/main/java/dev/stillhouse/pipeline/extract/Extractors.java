package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.Vectors;
import java.lang.reflect.InvocationTargetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the extractor of jobs. Which {@link Lanes} it runs on is chosen once, at start. */
public final class Extractors {
  /** The arithmetic of {@link #create(Selection)}, which is part of every dataset's identity. */
  public static final String ARITHMETIC = FusedExtractor.ARITHMETIC;

  private static final Logger LOG = LoggerFactory.getLogger(Extractors.class);
  private static final boolean VECTOR = Vectors.unavailableReason().isEmpty();

  static {
    Vectors.unavailableReason()
        .ifPresent(why -> LOG.warn("logits are read by plain Java, which is far slower: {}", why));
  }

  private Extractors() {}

  /** Returns the fastest extractor of this JVM. */
  public static Extractor create(Selection selection) {
    return new FusedExtractor(selection, VECTOR ? vectorLanes() : new PlainLanes());
  }

  /** Returns the fastest extractor of the k best of {@code vocabulary} ids. */
  public static Extractor create(int vocabulary, int k) {
    return create(Selection.topK(vocabulary, k));
  }

  /**
   * Returns an extractor with the same arithmetic in plain Java, bit for bit: for tests and
   * benchmarks.
   */
  public static Extractor plainTwin(Selection selection) {
    return new FusedExtractor(selection, new PlainLanes());
  }

  /**
   * Returns an extractor of the k best of {@code vocabulary} ids with the same arithmetic in plain
   * Java.
   */
  public static Extractor plainTwin(int vocabulary, int k) {
    return plainTwin(Selection.topK(vocabulary, k));
  }

  /** Returns whether {@link #create(Selection)} uses the Vector API. */
  public static boolean vector() {
    return VECTOR;
  }

  /**
   * Returns lanes by the Vector API. Their class is loaded by name: without the module it cannot be
   * loaded, nor compiled without a warning.
   */
  static Lanes vectorLanes() {
    try {
      String name = Extractors.class.getPackageName() + ".VectorLanes";
      return Class.forName(name).asSubclass(Lanes.class).getDeclaredConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the vector kernel did not start", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the vector kernel is not in this build", e);
    }
  }
}
