package dev.stillhouse.storage.parquet;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Writes the checksums of law 6 into a finished Parquet file's footer. Parquet's writer knows the
 * bytes of its page index only while it closes, so the footer is written once more. The file's body
 * is read back (from the page cache), and the same pass gives the sha256.
 */
public final class Seal {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = 8;

  private Seal() {}

  /** Seals the file at {@code path} in place. The same rows give the same bytes. */
  public static SealedFile seal(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileWindow file = new FileWindow(channel);
      int thrift = file.read(channel.size() - TAIL_BYTES, 4).getInt();
      long footerStart = channel.size() - TAIL_BYTES - thrift;
      FileMetaData footer = Util.readFileMetaData(file.stream(footerStart, thrift));
      List<ByteRange> segments = segments(file, footer, footerStart);
      Hasher sha256 = Hashing.sha256().newHasher().putBytes(MAGIC);
      int[] sums = new int[segments.size()];
      for (int i = 0; i < sums.length; i++) {
        ByteBuffer bytes = file.read(segments.get(i).offset(), segments.get(i).length());
        sums[i] = Checksums.crc32c(bytes);
        sha256.putBytes(bytes);
      }
      footer.addToKey_value_metadata(
          new KeyValue(Checksums.KEY).setValue(Checksums.encode(segments, sums)));
      ByteBuffer tail = tail(footer);
      channel.truncate(footerStart);
      channel.position(footerStart);
      while (tail.hasRemaining()) {
        channel.write(tail);
      }
      tail.rewind();
      int crc = Checksums.crc32c(tail);
      return new SealedFile(
          sha256.putBytes(tail).hash().toString(), channel.size(), tail.limit(), crc);
    }
  }

  private static List<ByteRange> segments(FileWindow file, FileMetaData footer, long footerStart)
      throws IOException {
    List<ByteRange> segments = new ArrayList<>();
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ByteRange index = new ByteRange(chunk.offset_index_offset, chunk.offset_index_length);
        segments.add(index);
        if (chunk.isSetColumn_index_offset()) {
          segments.add(new ByteRange(chunk.column_index_offset, chunk.column_index_length));
        }
        OffsetIndex pages = Util.readOffsetIndex(file.stream(index.offset(), index.length()));
        long first = pages.getPage_locations().get(0).getOffset();
        long start = first - firstBytes(chunk, first);
        if (start < first) {
          segments.add(new ByteRange(start, (int) (first - start))); // the dictionary's page
        }
        pages
            .getPage_locations()
            .forEach(page -> segments.add(new ByteRange(page.offset, page.compressed_page_size)));
      }
    }
    segments.sort(Comparator.comparingLong(ByteRange::offset));
    long end = Checksums.MAGIC_BYTES;
    for (ByteRange segment : segments) {
      if (segment.offset() != end) {
        throw new IOException("pieces of the file leave a gap: " + end + ", then " + segment);
      }
      end = segment.end();
    }
    if (end != footerStart) {
      throw new IOException("pieces of the file end at " + end + ", footer at " + footerStart);
    }
    return segments;
  }

  /** Returns the bytes of the chunk before its first data page. */
  private static long firstBytes(ColumnChunk chunk, long firstDataPage) {
    long dictionary = chunk.getMeta_data().getDictionary_page_offset();
    return chunk.getMeta_data().isSetDictionary_page_offset() && dictionary > 0
        ? firstDataPage - dictionary
        : 0;
  }

  private static ByteBuffer tail(FileMetaData footer) throws IOException {
    ByteArrayOutputStream thrift = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, thrift);
    return ByteBuffer.allocate(thrift.size() + TAIL_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(thrift.toByteArray())
        .putInt(thrift.size())
        .put(MAGIC)
        .flip();
  }
}
