package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.Streams;
import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.storage.statistics.ArrowBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;

/**
 * Writes batches as Arrow IPC, a record batch each. A name gets a file, whole or not at all. {@code
 * -} and files that cannot be renamed, as {@code /dev/stdout} or a pipe, get the stream format,
 * which is read without seeking.
 */
final class ArrowFile implements AutoCloseable {
  /** Stands for standard output. */
  static final Path STANDARD_OUTPUT = Path.of("-");

  private final BufferAllocator allocator = new RootAllocator();
  private final StatisticSpec spec;
  private final VectorSchemaRoot root;
  private final WholeFile file;
  private final WritableByteChannel channel;
  private final ArrowWriter writer;

  private ArrowFile(WholeFile file, WritableByteChannel channel, StatisticSpec spec, boolean stream)
      throws IOException {
    this.spec = spec;
    this.root = ArrowBatches.root(allocator, spec);
    this.file = file;
    this.channel = channel;
    this.writer =
        stream
            ? new ArrowStreamWriter(root, null, channel)
            : new ArrowFileWriter(root, null, channel);
    writer.start();
  }

  static ArrowFile create(Path name, StatisticSpec spec) throws IOException {
    WholeFile file = WholeFile.begin(name);
    if (name.equals(STANDARD_OUTPUT)) {
      return new ArrowFile(file, Channels.newChannel(Streams.directOut()), spec, true);
    }
    boolean stream = Files.exists(name) && !Files.isRegularFile(name);
    WritableByteChannel channel =
        Files.newByteChannel(file.part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new ArrowFile(file, channel, spec, stream);
  }

  void write(long[] sequences, StatisticsBatch batch) throws IOException {
    ArrowBatches.fill(root, spec, sequences, batch);
    writer.writeBatch();
  }

  /** Ends the file and gives it its name. */
  void commit() throws IOException {
    writer.end();
    channel.close();
    file.commit();
  }

  /** Closes the file. Without {@link #commit} before it, nothing of the file stays. */
  @Override
  public void close() throws IOException {
    try (WholeFile last = file;
        WritableByteChannel open = channel;
        BufferAllocator memory = allocator;
        VectorSchemaRoot batch = root) {
      // Not the writer: its close writes an end that makes half a file look whole.
    }
  }
}
