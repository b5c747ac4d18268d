package dev.stillhouse.bench.layouts;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.file.LanceFileReader;
import org.lance.file.LanceFileWriter;
import org.lance.util.Range;

/** Lance's file format, by its own defaults. A dataset's versions and indexes are not measured. */
final class LanceFormat implements NativeFormat {
  private final BufferAllocator allocator = new RootAllocator(); // As long as the process.

  @Override
  public String name() {
    return "lance";
  }

  @Override
  public String version() {
    return "lance-core 7.0.0";
  }

  @Override
  public void write(Path file, Schema schema, int batches, Filler fill) throws IOException {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        LanceFileWriter writer = LanceFileWriter.open(file.toString(), allocator, null)) {
      fill.each(root, batches, batch -> write(writer, root));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // What close says that it throws.
      throw new IOException("lance cannot close what it wrote: " + e, e);
    }
  }

  private static void write(LanceFileWriter writer, VectorSchemaRoot root) {
    try {
      writer.write(root);
    } catch (IOException e) {
      throw new DataException("lance cannot write: " + e, e);
    }
  }

  @Override
  public Rows open(Path file) throws IOException {
    LanceFileReader reader = LanceFileReader.open(file.toString(), allocator);
    return (from, to, sink) -> read(reader, from, to, sink);
  }

  private static void read(
      LanceFileReader reader, long from, long to, Consumer<VectorSchemaRoot> sink)
      throws IOException {
    Range rows = new Range(Ints.checkedCast(from), Ints.checkedCast(to));
    try (ArrowReader batches = reader.readAll(null, List.of(rows), Ints.checkedCast(to - from))) {
      while (batches.loadNextBatch()) {
        sink.accept(batches.getVectorSchemaRoot());
      }
    }
  }
}
