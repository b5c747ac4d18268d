package dev.stillhouse.bench.layouts;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;

/**
 * An Arrow IPC file by Arrow's own library: a record batch a sequence, every buffer compressed by
 * zstd at the library's level (3). A record batch is the smallest unit that is fetched and decoded.
 */
final class ArrowStore implements Store {
  static final String NAME = "arrow ipc, zstd";

  private static final int LEVEL = 3;
  private static final int TAIL_BYTES = 10; // int32 length of the footer, then "ARROW1".

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean layout() {
    return false;
  }

  @Override
  public String keeps() {
    return "everything but what entries are there for, log-probs as float16";
  }

  @Override
  public void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    StatisticSpec spec = header.spec();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(ArrowRows.schema(spec), allocator);
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArrowFileWriter writer =
            new ArrowFileWriter(
                root,
                null,
                channel,
                Map.of(),
                IpcOption.DEFAULT,
                CommonsCompressionFactory.INSTANCE,
                CodecType.ZSTD,
                Optional.of(LEVEL))) {
      writer.start();
      for (int row = 0; row < header.sequences(); row++) {
        ArrowRows.fill(root, spec, batch, row);
        writer.writeBatch();
      }
      writer.end();
    }
  }

  @Override
  public OpenedFile open(ShardHeader header, byte[] file) {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowFileReader reader =
            new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(file), allocator)) {
      return new Batches(header, file, List.copyOf(reader.getRecordBlocks()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DataException unreadable(IOException e) {
    return new DataException("an Arrow file cannot be read: " + e, e);
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
  private record Batches(ShardHeader header, byte[] file, List<ArrowBlock> blocks) implements Runs {
    @Override
    public Map<Part, Long> parts() {
      try (BufferAllocator allocator = new RootAllocator()) {
        return ArrowParts.of(header, file.length, blocks, block -> batch(block, allocator));
      }
    }

    private ArrowRecordBatch batch(ArrowBlock block, BufferAllocator allocator) {
      ByteRange range = range(block);
      try (ReadChannel in =
          new ReadChannel(
              Channels.newChannel(
                  new ByteArrayInputStream(file, (int) range.offset(), range.length())))) {
        return MessageSerializer.deserializeRecordBatch(in, block, allocator);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    /**
     * Reads rows. All their batches are loaded first, because the arrays need the number of
     * entries.
     */
    @Override
    public StatisticsBatch read(int from, int to) {
      StatisticSpec spec = header.spec();
      try (BufferAllocator allocator = new RootAllocator()) {
        List<VectorSchemaRoot> roots = new ArrayList<>();
        try {
          int entries = 0;
          for (int row = from; row < to; row++) {
            VectorSchemaRoot root = VectorSchemaRoot.create(ArrowRows.schema(spec), allocator);
            roots.add(root);
            try (ArrowRecordBatch batch = batch(blocks.get(row), allocator)) {
              new VectorLoader(root, CommonsCompressionFactory.INSTANCE).load(batch);
            }
            entries += ArrowRows.entries(root);
          }
          StatisticsBatch all = EmptyBatch.of(header, from, to, entries);
          for (int i = 0; i < roots.size(); i++) {
            ArrowRows.read(roots.get(i), spec, all, i * header.sequenceLength());
          }
          return all;
        } finally {
          roots.forEach(VectorSchemaRoot::close);
        }
      }
    }

    @Override
    public int footerBytes() {
      int at = file.length - TAIL_BYTES;
      return Ints.fromBytes(file[at + 3], file[at + 2], file[at + 1], file[at]) + TAIL_BYTES;
    }

    @Override
    public List<ByteRange> ranges(int from, int to, Projection projection) {
      return blocks.subList(from, to).stream().map(Batches::range).toList();
    }

    private static ByteRange range(ArrowBlock block) {
      return new ByteRange(
          block.getOffset(), Ints.checkedCast(block.getMetadataLength() + block.getBodyLength()));
    }
  }
}
