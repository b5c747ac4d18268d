package dev.stillhouse.tools.commands;

import dev.stillhouse.storage.statistics.ArrowBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** Batches as an Arrow IPC file, a record batch each. */
final class ArrowFile implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final StatisticSpec spec;
  private final VectorSchemaRoot root;
  private final FileChannel channel;
  private final ArrowFileWriter writer;

  private ArrowFile(FileChannel channel, StatisticSpec spec) throws IOException {
    this.spec = spec;
    this.root = ArrowBatches.root(allocator, spec);
    this.channel = channel;
    this.writer = new ArrowFileWriter(root, null, channel);
    writer.start();
  }

  static ArrowFile create(Path file, StatisticSpec spec) throws IOException {
    return new ArrowFile(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING),
        spec);
  }

  void write(long[] sequences, StatisticsBatch batch) throws IOException {
    ArrowBatches.fill(root, spec, sequences, batch);
    writer.writeBatch();
  }

  @Override
  public void close() throws IOException {
    writer.end();
    writer.close();
    root.close();
    allocator.close();
    channel.close();
  }
}
