package dev.stillhouse.bench.layouts;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A layout of this project. Reading checks every checksum and fingerprint, as always. */
record LayoutStore(Layout kind) implements Store {
  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public boolean layout() {
    return true;
  }

  @Override
  public String keeps() {
    return "everything";
  }

  @Override
  public void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    try (ShardWriter writer = kind.writer(file, own(header))) {
      writer.write(batch);
      writer.finish();
    }
  }

  private ShardHeader own(ShardHeader header) {
    return new ShardHeader(
        kind.name(),
        header.statistic(),
        header.arithmetic(),
        header.teacher(),
        header.tokenizer(),
        header.vocabulary(),
        header.firstSequence(),
        header.sequences(),
        header.sequenceLength());
  }

  @Override
  public OpenedFile open(ShardHeader header, byte[] file) {
    int footer = ParquetParts.footerBytes(file);
    int start = file.length - footer;
    int crc = Hashing.crc32c().hashBytes(file, start, footer).asInt();
    ByteBuffer tail = ByteBuffer.wrap(file, start, footer).slice();
    return new Shard(
        own(header), file, Layouts.reader(Footer.parse(kind.name(), file.length, tail, crc)));
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
  private record Shard(ShardHeader header, byte[] file, ShardReader reader) implements Runs {
    @Override
    public Map<Part, Long> parts() {
      try {
        return ParquetParts.of(header, file);
      } catch (IOException e) {
        throw new DataException(header.layout() + ": its footer cannot be read: " + e, e);
      }
    }

    @Override
    public StatisticsBatch read(int from, int to) {
      List<ByteBuffer> bytes =
          reader.ranges(from, to, Projection.ALL).stream()
              .map(range -> ByteBuffer.wrap(file, (int) range.offset(), range.length()).slice())
              .toList();
      return reader.decode(from, to, Projection.ALL, bytes);
    }

    @Override
    public int footerBytes() {
      return ParquetParts.footerBytes(file);
    }

    @Override
    public List<ByteRange> ranges(int from, int to, Projection projection) {
      return reader.ranges(from, to, projection);
    }
  }
}
