package dev.stillhouse.bench.layouts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A file format whose library takes and gives Arrow batches and does its own I/O, natively. It does
 * not say which bytes hold which rows, and may use more than one thread.
 */
interface NativeFormat {
  /** Returns the name in tables. */
  String name();

  /** Returns the library's version. */
  String version();

  /**
   * Writes a file.
   *
   * @param batches their number; {@code fill} fills the root with each in turn
   */
  void write(Path file, Schema schema, int batches, Filler fill) throws IOException;

  /** Opens a file. */
  Rows open(Path file) throws IOException;

  /** Fills a root with one batch. */
  interface Filler {
    void fill(VectorSchemaRoot root, int batch);

    /** Fills the root with each batch, and runs {@code then} after each. */
    default void each(VectorSchemaRoot root, int batches, IntConsumer then) {
      for (int batch = 0; batch < batches; batch++) {
        fill(root, batch);
        then.accept(batch);
      }
    }
  }

  /** An opened file. */
  interface Rows {
    /** Reads rows {@code from .. to} (exclusive) in order, in batches of the library's size. */
    void read(long from, long to, Consumer<VectorSchemaRoot> sink) throws IOException;
  }
}
