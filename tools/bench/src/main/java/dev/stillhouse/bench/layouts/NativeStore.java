package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A {@link NativeFormat} with the rows of {@link ArrowRows}. The library reads a file of its own,
 * which the system has in memory. The bytes of entries are those of a file of ids and log-probs
 * alone, since no library tells them; the footer counts as rest.
 */
record NativeStore(NativeFormat format) implements Store {
  @Override
  public String name() {
    return format.name();
  }

  @Override
  public boolean layout() {
    return false;
  }

  @Override
  public String keeps() {
    return "all but what entries are there for, log-probs as float16 ("
        + format.version()
        + ", with threads of its own)";
  }

  @Override
  public void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    StatisticSpec spec = header.spec();
    format.write(
        file,
        ArrowRows.schema(spec),
        header.sequences(),
        (root, row) -> ArrowRows.fill(root, spec, batch, row));
  }

  @Override
  public OpenedFile open(ShardHeader header, byte[] file) {
    try {
      Path copy = temporary();
      Files.write(copy, file);
      return new Opened(format, header, file.length, format.open(copy));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Path temporary() throws IOException {
    Path file = Files.createTempFile("stillhouse-bench", ".rival");
    file.toFile().deleteOnExit();
    return file;
  }

  private static DataException unreadable(IOException e) {
    return new DataException("a rival's file cannot be read: " + e, e);
  }

  private record Opened(
      NativeFormat format, ShardHeader header, long fileBytes, NativeFormat.Rows rows)
      implements Runs {
    @Override
    public Map<Part, Long> parts() {
      StatisticSpec spec = header.spec();
      List<Field> entries =
          ArrowRows.schema(spec).getFields().stream().filter(ArrowRows::isOfEntries).toList();
      try {
        StatisticsBatch all = read(0, header.sequences());
        Path file = temporary();
        Files.delete(file);
        format.write(
            file,
            new Schema(entries),
            header.sequences(),
            (root, row) -> ArrowRows.fillEntries(root, all, row));
        long bytes = Files.size(file);
        Files.delete(file);
        return Map.of(Part.ENTRIES, bytes, Part.REST, fileBytes - bytes, Part.CONTAINER, 0L);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public StatisticsBatch read(int from, int to) {
      long length = header.sequenceLength();
      ArrowGather gather = new ArrowGather(header, from, to);
      try {
        rows.read(from * length, to * length, gather);
      } catch (IOException e) {
        throw unreadable(e);
      }
      return gather.batch();
    }

    @Override
    public int footerBytes() {
      return 0;
    }

    @Override
    public List<ByteRange> ranges(int from, int to, Projection projection) {
      return List.of(); // The library does not tell.
    }
  }
}
