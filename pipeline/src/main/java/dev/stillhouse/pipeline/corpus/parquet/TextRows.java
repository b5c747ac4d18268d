package dev.stillhouse.pipeline.corpus.parquet;

import dev.stillhouse.storage.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts of row groups, one after another. Memory is one stored column chunk and one page.
 */
public final class TextRows implements Closeable {
  private final Path file;
  private final ParquetMetadata footer;
  private final MessageType schema;
  private final ColumnDescriptor column;
  private final String writer;
  private final ParquetFileReader reader;
  private @Nullable PageReadStore pages;
  private @Nullable ColumnReader values;
  private long row;
  private long left;

  TextRows(Path file, ParquetMetadata footer, Type type) {
    this.file = file;
    this.footer = footer;
    schema = new MessageType(footer.getFileMetaData().getSchema().getName(), type);
    column = schema.getColumns().get(0);
    writer = String.valueOf(footer.getFileMetaData().getCreatedBy());
    InputFile input = null;
    try {
      input = new LocalInputFile(file);
      reader = new ParquetFileReader(input, footer, options(), input.newStream());
      reader.setRequestedSchema(schema);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e, e);
    }
  }

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new PageCodecs())
        .withUseHadoopVectoredIo(false)
        .usePageChecksumVerification(true)
        .build();
  }

  /** Goes to the first row of a group. */
  public void start(TextColumn.Group group) {
    release();
    row = group.firstRow();
    left = group.rows();
    try {
      for (ColumnChunkMetaData chunk : footer.getBlocks().get(group.index()).getColumns()) {
        if (chunk.getPath().toDotString().equals(schema.getFieldName(0))) {
          PageClaims.check(file, chunk);
        }
      }
      PageReadStore read = reader.readRowGroup(group.index());
      pages = read;
      values =
          new ColumnReadStoreImpl(read, new NoConverter(), schema, writer).getColumnReader(column);
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  /** Returns whether the group has another row. */
  public boolean hasNext() {
    return left > 0;
  }

  /** Returns the number of the row that {@link #next} gives, within the file. */
  public long row() {
    return row;
  }

  /** Returns the next row's text as bytes that should be UTF-8; null if the row has none. */
  public byte @Nullable [] next() {
    if (values == null || left == 0) {
      throw new IllegalStateException("TextRows: no row " + row);
    }
    try {
      boolean there = values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
      byte[] text = there ? values.getBinary().getBytes() : null;
      values.consume();
      row++;
      left--;
      return text;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private DataException damaged(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof PageCodecs.LimitException) {
      return new DataException(file + ": row " + row + ": " + cause.getMessage(), e);
    }
    if (cause instanceof ParquetCryptoRuntimeException) {
      return new DataException(
          file + ": it has encrypted columns, which are not read; write it anew without", e);
    }
    return new DataException(
        file
            + ": row "
            + row
            + ": its page cannot be decoded: "
            + Footers.words(cause)
            + "; get the file anew",
        e);
  }

  private void release() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }

  @Override
  public void close() {
    release();
    try {
      reader.close();
    } catch (IOException e) {
      throw new DataException(file + " cannot be closed: " + e, e);
    }
  }

  /** The column is read value by value, never assembled to records. */
  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
