package dev.stillhouse.storage.layout;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * A good shard that a test takes apart, changes as it likes, and seals again: a writer that means
 * harm. Checksums hold, so that what is behind them is what is tested.
 */
final class Forgery {
  static final String CHECKSUMS = "stillhouse.checksums";
  private static final int TAIL_BYTES = 8;

  /** A struct's type in Thrift's compact protocol. */
  private static final int STRUCT = 12;

  /** Parquet's footer, free to be changed. */
  final FileMetaData footer;

  private final List<byte[]> pieces = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();

  Forgery(SealedShard good) {
    int end = good.bytes().length - TAIL_BYTES;
    int start = good.bytes().length - good.footerBytes();
    try {
      footer = Util.readFileMetaData(new ByteArrayInputStream(good.bytes(), start, end - start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    good.footer()
        .body(1) // Each piece alone: it is larger than that.
        .forEach(
            range -> {
              starts.add(range.offset());
              pieces.add(Arrays.copyOfRange(good.bytes(), (int) range.offset(), (int) range.end()));
            });
  }

  /** How many pieces: pages and parts of the page index. */
  int size() {
    return pieces.size();
  }

  byte[] piece(int i) {
    return pieces.get(i);
  }

  void replace(int i, byte[] piece) {
    pieces.set(i, piece);
  }

  /** The pieces that are pages of a column, first to last. */
  List<Integer> pages(String column) {
    List<Integer> pages = new ArrayList<>();
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        if (chunk.getMeta_data().getPath_in_schema().get(0).equals(column)) {
          pages.addAll(pages(chunk));
        }
      }
    }
    return pages;
  }

  /** The names of all columns, each once. */
  List<String> columns() {
    return footer.getRow_groups().get(0).getColumns().stream()
        .map(chunk -> chunk.getMeta_data().getPath_in_schema().get(0))
        .distinct()
        .toList();
  }

  private List<Integer> pages(ColumnChunk chunk) {
    List<Integer> pages = new ArrayList<>();
    long at = chunk.getMeta_data().getData_page_offset();
    long end = at + chunk.getMeta_data().getTotal_compressed_size();
    for (int i = starts.indexOf(at); i >= 0 && i < size() && starts.get(i) < end; i++) {
      pages.add(i);
    }
    return pages;
  }

  /** All column chunks. */
  void chunks(Consumer<ColumnChunk> change) {
    footer.getRow_groups().forEach(group -> group.getColumns().forEach(change));
  }

  /** Changes what the footer says under a key. */
  void metadata(String key, UnaryOperator<String> change) {
    for (KeyValue pair : footer.getKey_value_metadata()) {
      if (pair.getKey().equals(key)) {
        pair.setValue(change.apply(pair.getValue()));
      }
    }
  }

  /** The shard as it now is: offsets and sizes follow the pieces, and checksums are right. */
  SealedShard seal() {
    Map<Long, Long> moved = new TreeMap<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer table = ByteBuffer.allocate(8 * size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size(); i++) {
      moved.put(starts.get(i), (long) body.size());
      body.writeBytes(pieces.get(i));
      table.putInt(pieces.get(i).length).putInt(crc32c(pieces.get(i)));
    }
    FileMetaData sealed = footer.deepCopy();
    for (int g = 0; g < sealed.getRow_groupsSize(); g++) {
      for (int c = 0; c < sealed.getRow_groups().get(g).getColumnsSize(); c++) {
        follow(
            footer.getRow_groups().get(g).getColumns().get(c),
            sealed.getRow_groups().get(g).getColumns().get(c),
            moved);
      }
    }
    sealed.getKey_value_metadata().stream()
        .filter(pair -> pair.getKey().equals(CHECKSUMS))
        .forEach(pair -> pair.setValue(Base64.getEncoder().encodeToString(table.array())));
    return withTail(body, thrift(sealed));
  }

  private void follow(ColumnChunk was, ColumnChunk now, Map<Long, Long> moved) {
    if (now.getMeta_data() == null) {
      return;
    }
    long added = 0;
    for (int i : pages(was)) {
      long end = i + 1 < size() ? starts.get(i + 1) : starts.get(i) + pieces.get(i).length;
      added += i + 1 < size() ? pieces.get(i).length - (end - starts.get(i)) : 0;
    }
    long size = now.getMeta_data().getTotal_compressed_size();
    now.getMeta_data().setTotal_compressed_size(size + added);
    long at = now.getMeta_data().getData_page_offset();
    now.getMeta_data().setData_page_offset(moved.getOrDefault(at, at));
    long index = now.getOffset_index_offset();
    now.setOffset_index_offset(moved.getOrDefault(index, index));
  }

  private static byte[] thrift(FileMetaData footer) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Util.writeFileMetaData(footer, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SealedShard withTail(ByteArrayOutputStream body, byte[] thrift) {
    ByteBuffer tail =
        ByteBuffer.allocate(thrift.length + TAIL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(thrift)
            .putInt(thrift.length)
            .put("PAR1".getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(tail.array());
    return new SealedShard(body.toByteArray(), tail.capacity(), crc32c(tail.array()));
  }

  /** A good shard with another table of checksums. */
  static SealedShard withTable(SealedShard good, byte[] table) {
    return withTable(good, Base64.getEncoder().encodeToString(table));
  }

  /** A good shard with another text where its checksums were. */
  static SealedShard withTable(SealedShard good, String text) {
    Forgery forgery = new Forgery(good);
    forgery.metadata(CHECKSUMS, was -> text);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(good.bytes(), 0, good.bytes().length - good.footerBytes());
    return withTail(body, thrift(forgery.footer));
  }

  /** A good shard with a last field of the footer that nobody knows, nested so deep. */
  static SealedShard withUnknownStructs(SealedShard good, int depth) {
    byte[] thrift = thrift(new Forgery(good).footer);
    byte[] deeper = Arrays.copyOf(thrift, thrift.length + 2 * depth + 1);
    int last = thrift.length - 1; // There the outermost struct ended.
    deeper[last] = (byte) (15 << 4 | STRUCT);
    Arrays.fill(deeper, last + 1, last + depth, (byte) (1 << 4 | STRUCT));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(good.bytes(), 0, good.bytes().length - good.footerBytes());
    return withTail(body, deeper);
  }

  /** The same bytes with a footer's checksum that holds. */
  static SealedShard resealed(byte[] bytes, int footerBytes) {
    int from = Math.max(0, bytes.length - footerBytes);
    byte[] tail = Arrays.copyOfRange(bytes, from, bytes.length);
    return new SealedShard(bytes, footerBytes, crc32c(tail));
  }

  private static int crc32c(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
