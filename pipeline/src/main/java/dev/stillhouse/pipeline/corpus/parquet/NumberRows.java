package dev.stillhouse.pipeline.corpus.parquet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.storage.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns of numbers, and of lists of them up to two deep, row after row. Memory is the
 * stored chunks of these columns of one row group, and a page of each.
 */
public final class NumberRows implements Closeable {
  /** Bytes of heap for a stored byte: the chunk, and its pages. */
  private static final int TIMES_IN_MEMORY = 2;

  /** Takes the numbers of one column of one row. */
  public interface Sink {
    /** Begins an element of the outer list; a column that is one list deep has one. */
    void row();

    /** Takes a number; NaN where it is null. */
    void number(double value);

    /** Takes a number of a column of 64-bit integers. */
    void integer(long value);
  }

  private final Path file;
  private final ParquetMetadata footer;
  private final ImmutableMap<String, NumberColumn> columns;
  private final LongConsumer progress;
  private final String writer;
  private ImmutableList<NumberColumn> requested = ImmutableList.of();
  private MessageType schema = new MessageType("none");
  private @Nullable ParquetFileReader reader;
  private @Nullable PageReadStore pages;
  private final List<ColumnReader> readers = new ArrayList<>();
  private long[] left = new long[0];
  private int group = -1;
  private long groupLeft;
  private long row = -1;

  /**
   * Opens a file.
   *
   * @param progress receives the bytes of row groups that were read
   * @throws DataException if it is no Parquet file
   */
  public NumberRows(Path file, LongConsumer progress) {
    this.file = file;
    this.progress = progress;
    this.footer = Footers.read(file).metadata();
    this.columns = NumberColumn.all(footer.getFileMetaData().getSchema());
    this.writer = String.valueOf(footer.getFileMetaData().getCreatedBy());
  }

  /** Returns the columns of numbers by their paths, without the groups that only wrap lists. */
  public ImmutableMap<String, NumberColumn> columns() {
    return columns;
  }

  /** Chooses the columns that are read, before the first row. */
  public void request(List<NumberColumn> wanted) {
    requested = ImmutableList.copyOf(wanted);
    left = new long[requested.size()];
    schema = NumberColumn.schema(footer.getFileMetaData().getSchema(), requested);
    try {
      InputFile input = new LocalInputFile(file);
      ParquetFileReader opened = new ParquetFileReader(input, footer, options(), input.newStream());
      reader = opened;
      opened.setRequestedSchema(schema);
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new PageCodecs())
        .withUseHadoopVectoredIo(false)
        .usePageChecksumVerification(true)
        .build();
  }

  /** Goes to the next row; false at the end. */
  public boolean next() {
    while (groupLeft == 0) {
      checkEnd();
      if (group + 1 == footer.getBlocks().size()) {
        return false;
      }
      start(group + 1);
    }
    groupLeft--;
    row++;
    return true;
  }

  /** Checks that a row group's columns have no more rows than it says. */
  private void checkEnd() {
    for (int i = 0; i < readers.size(); i++) {
      if (left[i] > 0) {
        throw DataException.of(
            "%s: row %d: column '%s' has more rows than its row group; get the file anew",
            file, Math.max(0, row), requested.get(i).path());
      }
    }
  }

  private void start(int next) {
    release();
    group = next;
    BlockMetaData block = footer.getBlocks().get(next);
    groupLeft = block.getRowCount();
    if (groupLeft < 0) {
      throw DataException.of(
          "%s: row group %d claims %d rows; get the file anew", file, next, groupLeft);
    }
    check(block, next);
    try {
      ParquetFileReader from = reader;
      if (from == null || groupLeft == 0) {
        return;
      }
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (isRequested(chunk)) {
          PageClaims.check(file, chunk);
        }
      }
      PageReadStore read = from.readRowGroup(next);
      pages = read;
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(read, NumberColumn.converter(schema), schema, writer);
      for (int i = 0; i < requested.size(); i++) {
        ColumnDescriptor column = requested.get(i).descriptor();
        readers.add(store.getColumnReader(column));
        left[i] = values(block, column);
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private static long values(BlockMetaData block, ColumnDescriptor column) {
    String path = String.join(".", column.getPath());
    return block.getColumns().stream()
        .filter(chunk -> chunk.getPath().toDotString().equals(path))
        .mapToLong(ColumnChunkMetaData::getValueCount)
        .sum();
  }

  private boolean isRequested(ColumnChunkMetaData chunk) {
    String path = chunk.getPath().toDotString();
    return requested.stream()
        .anyMatch(c -> String.join(".", c.descriptor().getPath()).equals(path));
  }

  private void check(BlockMetaData block, int number) {
    long bytes = 0;
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      String path = chunk.getPath().toDotString();
      if (!isRequested(chunk)) {
        continue;
      }
      if (!PageCodecs.READ.contains(chunk.getCodec())) {
        throw DataException.of(
            "%s: column '%s' is compressed with %s; read are %s; write the file anew with one of"
                + " them",
            file, path, chunk.getCodec(), PageCodecs.READ);
      }
      long size = chunk.getTotalSize();
      if (size < 0 || chunk.getStartingPos() < 4 || size > file.toFile().length()) {
        throw DataException.of(
            "%s: row group %d claims %d bytes from %d on in column '%s'; get the file anew",
            file, number, size, chunk.getStartingPos(), path);
      }
      bytes += size;
    }
    HeapLimit.check(file + ": row group " + number, bytes, TIMES_IN_MEMORY);
    progress.accept(bytes);
  }

  /** Returns the number of the row, from 0. */
  public long row() {
    return row;
  }

  /**
   * Reads a column's numbers of the row; once for each row and each column that was requested.
   *
   * @param index among those that were requested
   * @return whether the row has a value there, and not null
   */
  public boolean read(int index, Sink sink) {
    NumberColumn column = requested.get(index);
    ColumnReader in = readers.get(index);
    try {
      boolean there = false;
      do {
        if (left[index]-- <= 0) {
          throw DataException.of(
              "%s: row %d: column '%s' has fewer rows than its row group; get the file anew",
              file, row, column.path());
        }
        there |= column.read(in, sink);
        in.consume();
      } while (left[index] > 0 && in.getCurrentRepetitionLevel() > 0);
      return there;
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private DataException damaged(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String what = cause instanceof PageCodecs.LimitException ? "" : "its page cannot be decoded: ";
    return new DataException(
        file
            + ": row "
            + Math.max(0, row)
            + ": "
            + what
            + (what.isEmpty() ? String.valueOf(cause.getMessage()) : Footers.words(cause))
            + "; get the file anew",
        e);
  }

  private void release() {
    readers.clear();
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  @Override
  public void close() {
    release();
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      throw new DataException(file + " cannot be closed: " + e, e);
    }
  }
}
