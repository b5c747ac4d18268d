package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.rows.RowsLayout;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The layout {@code throwing}: {@code rows}, but for an error that comes where the property {@code
 * throwing.at} says ({@code reader}, {@code ranges}, {@code decode}, {@code writer}, {@code write},
 * {@code finish}), once the shard's first row is {@value #FROM} or more. Present only in a process
 * that was started with a {@linkplain #classPath class path} of its own.
 */
public final class ThrowingLayout implements Layout {
  /** Name of the layout. */
  public static final String NAME = "throwing";

  /** The first sequence at which it throws. */
  public static final int FROM = 4;

  private final Layout rows = new RowsLayout();

  /** Writes the line by which a layout is found below {@code directory}; the class path with it. */
  public static String classPath(Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(Layout.class.getName()), ThrowingLayout.class.getName());
    return directory + File.pathSeparator + System.getProperty("java.class.path");
  }

  /** Makes the error of this name. */
  public static Error error(String kind) {
    return switch (kind) {
      case "memory" -> new OutOfMemoryError("planted");
      case "stack" -> new StackOverflowError("planted");
      default -> new NoClassDefFoundError("planted");
    };
  }

  private static void at(String place, long firstSequence) {
    if (firstSequence >= FROM && place.equals(System.getProperty("throwing.at"))) {
      throw error(System.getProperty("throwing.error", ""));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public float bound(float logProb) {
    return 0;
  }

  @Override
  public ShardWriter writer(Path file, ShardHeader header) throws IOException {
    at("writer", header.firstSequence());
    ShardWriter writer = rows.writer(file, header);
    return new ShardWriter() {
      @Override
      public void write(StatisticsBatch batch) throws IOException {
        at("write", header.firstSequence());
        writer.write(batch);
      }

      @Override
      public SealedFile finish() throws IOException {
        at("finish", header.firstSequence());
        return writer.finish();
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    };
  }

  @Override
  public ShardReader reader(Footer footer) {
    ShardReader reader = rows.reader(footer);
    long first = reader.header().firstSequence();
    at("reader", first);
    return new ShardReader() {
      @Override
      public ShardHeader header() {
        return reader.header();
      }

      @Override
      public List<ByteRange> ranges(int from, int to, Projection projection) {
        at("ranges", first + from);
        return reader.ranges(from, to, projection);
      }

      @Override
      public StatisticsBatch decode(
          int from, int to, Projection projection, List<ByteBuffer> bytes) {
        at("decode", first + from);
        return reader.decode(from, to, projection, bytes);
      }
    };
  }
}
