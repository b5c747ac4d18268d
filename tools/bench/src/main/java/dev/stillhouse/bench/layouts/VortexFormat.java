package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.DataException;
import dev.vortex.api.DataSource;
import dev.vortex.api.Scan;
import dev.vortex.api.ScanOptions;
import dev.vortex.api.Session;
import dev.vortex.api.VortexWriter;
import dev.vortex.arrow.ArrowAllocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Vortex, by its own defaults. */
final class VortexFormat implements NativeFormat {
  private final Session session = Session.create();

  @Override
  public String name() {
    return "vortex";
  }

  @Override
  public String version() {
    return "vortex-jni 0.76.0";
  }

  @Override
  public void write(Path file, Schema schema, int batches, Filler fill) throws IOException {
    // Not one of our own: the library leaves the schema in it when it is done.
    BufferAllocator allocator = ArrowAllocation.rootAllocator();
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        VortexWriter writer =
            VortexWriter.create(session, uri(file), schema, Map.of(), allocator)) {
      fill.each(root, batches, batch -> write(writer, root, allocator));
    }
  }

  private static void write(VortexWriter writer, VectorSchemaRoot root, BufferAllocator allocator) {
    try (ArrowArray array = ArrowArray.allocateNew(allocator);
        ArrowSchema schema = ArrowSchema.allocateNew(allocator)) {
      Data.exportVectorSchemaRoot(allocator, root, null, array, schema);
      writer.writeBatch(array.memoryAddress(), schema.memoryAddress());
      array.release();
      schema.release();
    } catch (IOException e) {
      throw new DataException("vortex cannot write: " + e, e);
    }
  }

  private static String uri(Path file) {
    return file.toUri().toString();
  }

  @Override
  public Rows open(Path file) {
    DataSource source = DataSource.open(session, uri(file));
    return (from, to, sink) -> read(source, from, to, sink);
  }

  private static void read(DataSource source, long from, long to, Consumer<VectorSchemaRoot> sink)
      throws IOException {
    Scan scan =
        source.scan(
            ScanOptions.builder().rowRangeBegin(from).rowRangeEnd(to).ordered(true).build());
    while (scan.hasNext()) {
      try (ArrowReader reader = scan.next().scanArrow(ArrowAllocation.rootAllocator())) {
        while (reader.loadNextBatch()) {
          sink.accept(reader.getVectorSchemaRoot());
        }
      }
    }
  }
}
