package dev.stillhouse.pipeline.corpus.parquet;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.storage.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** The column of a Parquet file that holds its texts, found in the footer and checked. */
public final class TextColumn {
  /** The largest column chunk in bytes, as it is stored; a reader holds one. */
  static final long MAX_CHUNK_BYTES = 1L << 30;

  /** The chunk, and its inflated bytes. */
  private static final int TIMES_IN_MEMORY = 2;

  private final Path file;
  private final ParquetMetadata footer;
  private final Type type;
  private final List<Group> groups;

  private TextColumn(Path file, ParquetMetadata footer, Type type, List<Group> groups) {
    this.file = file;
    this.footer = footer;
    this.type = type;
    this.groups = groups;
  }

  /**
   * A row group that has rows.
   *
   * @param index among all of the file
   * @param start offset of its first byte in the file
   * @param firstRow number of its first row in the file, from 0
   * @param rows number of rows, 1 or more
   * @param bytes to the start of the next one, or to the footer
   */
  public record Group(int index, long start, long firstRow, long rows, long bytes) {}

  /**
   * Finds the column of this name.
   *
   * @throws DataException if the file is not Parquet, has no such column, or the column has no
   *     strings
   */
  public static TextColumn of(Path file, String name) {
    Footers.Found found = Footers.read(file);
    try {
      return of(file, name, found);
    } catch (ParquetCryptoRuntimeException e) {
      throw new DataException(
          file + ": it has encrypted columns, which are not read; write it anew without", e);
    }
  }

  private static TextColumn of(Path file, String name, Footers.Found found) {
    ParquetMetadata footer = found.metadata();
    MessageType schema = footer.getFileMetaData().getSchema();
    List<String> names = schema.getFields().stream().map(Type::getName).toList();
    if (!names.contains(name)) {
      throw DataException.of(
          "%s has no column '%s'; present: %s (see --text-field)", file, name, names);
    }
    Type type = schema.getType(name);
    if (!isText(type)) {
      throw DataException.of(
          "%s: column '%s' is '%s', need a column of strings (see --text-field)", file, name, type);
    }
    return new TextColumn(file, footer, type, groups(file, footer, name, found.start()));
  }

  private static boolean isText(Type type) {
    return type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && LogicalTypeAnnotation.stringType().equals(type.getLogicalTypeAnnotation());
  }

  private static List<Group> groups(Path file, ParquetMetadata footer, String name, long end) {
    List<Group> groups = new ArrayList<>();
    List<BlockMetaData> blocks = footer.getBlocks();
    long row = 0;
    long limit = end;
    // Backwards, as a chunk must end before the next row group starts.
    for (int i = blocks.size() - 1; i >= 0; i--) {
      BlockMetaData block = blocks.get(i);
      if (block.getRowCount() != 0) {
        check(file, block, i, name, limit);
        limit = block.getStartingPos();
      }
    }
    for (int i = 0; i < blocks.size(); i++) {
      long rows = blocks.get(i).getRowCount();
      if (rows > 0) {
        long start = blocks.get(i).getStartingPos();
        long next = i + 1 < blocks.size() ? blocks.get(i + 1).getStartingPos() : end;
        groups.add(new Group(i, start, row, rows, next - start));
        row = Math.addExact(row, rows);
      }
    }
    return ImmutableList.copyOf(groups);
  }

  private static void check(Path file, BlockMetaData block, int index, String name, long end) {
    ColumnChunkMetaData chunk =
        block.getColumns().stream()
            .filter(c -> c.getPath().toDotString().equals(name))
            .findFirst()
            .orElseThrow(() -> DataException.of("%s: row group %d has no '%s'", file, index, name));
    long start = chunk.getStartingPos();
    long bytes = chunk.getTotalSize();
    if (!PageCodecs.READ.contains(chunk.getCodec())) {
      throw DataException.of(
          "%s: column '%s' is compressed with %s; read are %s; write the file anew with one of them",
          file, name, chunk.getCodec(), PageCodecs.READ);
    }
    if (bytes > MAX_CHUNK_BYTES) {
      throw DataException.of(
          "%s: row group %d has %d bytes in column '%s'; the limit is %d; write the file anew with"
              + " smaller row groups",
          file, index, bytes, name, MAX_CHUNK_BYTES);
    }
    HeapLimit.check(
        file + ": row group " + index + ", column '" + name + "'", bytes, TIMES_IN_MEMORY);
    boolean inside =
        block.getStartingPos() >= 4
            && start >= block.getStartingPos()
            && bytes > 0
            && start <= end - bytes;
    if (!inside || block.getRowCount() < 0 || chunk.getValueCount() != block.getRowCount()) {
      throw DataException.of(
          "%s: row group %d claims %d rows and %d values in the %d bytes from %d on, which must lie"
              + " between %d and %d; get the file anew",
          file,
          index,
          block.getRowCount(),
          chunk.getValueCount(),
          bytes,
          start,
          block.getStartingPos(),
          end);
    }
  }

  /** Returns the row groups that have rows, in order. */
  public List<Group> groups() {
    return groups;
  }

  /** Returns the number of rows of the file. */
  public long rows() {
    return groups.isEmpty()
        ? 0
        : groups.get(groups.size() - 1).firstRow() + groups.get(groups.size() - 1).rows();
  }

  /** Opens the file to read its rows; the caller closes the result. */
  public TextRows open() {
    return new TextRows(file, footer, type);
  }
}
