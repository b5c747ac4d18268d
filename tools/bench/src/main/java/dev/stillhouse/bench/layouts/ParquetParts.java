package dev.stillhouse.bench.layouts;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.layout.ShardHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Attributes the bytes of a Parquet file to their purpose, by the columns' names. What a layout
 * stores in the footer beyond header and checksums (a prior) counts as entries.
 */
final class ParquetParts {
  private static final int TAIL_BYTES = 8;
  private static final String CHECKSUMS = "stillhouse.checksums";

  private ParquetParts() {}

  static Map<Part, Long> of(ShardHeader header, byte[] file) throws IOException {
    FileMetaData footer =
        Util.readFileMetaData(
            new ByteArrayInputStream(file, file.length - footerBytes(file), footerBytes(file)));
    Map<Part, Long> parts = new EnumMap<>(Part.class);
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        parts.merge(part(column.getPath_in_schema()), pages(file, column), Long::sum);
      }
    }
    Set<String> ours = header.toMetadata().keySet();
    List<KeyValue> metadata =
        footer.isSetKey_value_metadata() ? footer.getKey_value_metadata() : List.of();
    for (KeyValue pair : metadata) {
      if (pair.getKey().startsWith("stillhouse.")
          && !pair.getKey().equals(CHECKSUMS)
          && !ours.contains(pair.getKey())) {
        parts.merge(Part.ENTRIES, (long) pair.getValue().length(), Long::sum);
      }
    }
    long told = parts.values().stream().mapToLong(bytes -> bytes).sum();
    parts.put(Part.CONTAINER, file.length - told);
    return parts;
  }

  /** Returns the bytes of the tail: footer, its length and the magic. */
  static int footerBytes(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.getInt(file.length - TAIL_BYTES) + TAIL_BYTES;
  }

  /** Returns the bytes of the pages of a chunk, without their headers. */
  private static long pages(byte[] file, ColumnMetaData column) throws IOException {
    long start = column.getData_page_offset();
    if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
      start = Math.min(start, column.getDictionary_page_offset());
    }
    int at = Ints.checkedCast(start);
    int end = Ints.checkedCast(start + column.getTotal_compressed_size());
    long bytes = 0;
    while (at < end) {
      ByteArrayInputStream in = new ByteArrayInputStream(file, at, end - at);
      int page = Util.readPageHeader(in).getCompressed_page_size();
      bytes += page;
      at = end - in.available() + page;
    }
    return bytes;
  }

  /** Returns the purpose of a column. */
  static Part part(List<String> path) {
    String column = path.get(0);
    String leaf = path.get(path.size() - 1);
    if (column.equals("entries") || column.startsWith("entries_")) {
      return switch (leaf) {
        case "id" -> Part.IDS;
        case "log_prob" -> Part.LOG_PROBS;
        case "reasons", "count", "log_proposal" -> Part.REST;
        default -> Part.ENTRIES;
      };
    }
    if (column.equals("ids") || column.startsWith("ids_")) {
      return Part.IDS;
    }
    // Escapes are the log-probs that have no code.
    return column.equals("log_probs") || column.startsWith("log_probs_") || column.equals("escapes")
        ? Part.LOG_PROBS
        : Part.REST;
  }
}
