package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.PublicApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * A file's parsed footer: what a reader needs to name byte ranges and to decode them. Parsing is
 * the first use of bytes from outside, so sizes are checked before anything is allocated.
 */
@PublicApi
public final class Footer {
  /** The largest footer that is parsed, in bytes. */
  public static final int MAX_BYTES = 64 << 20;

  private static final int TAIL_BYTES = 8;
  private static final int MAGIC = 0x31524150; // "PAR1", little-endian

  private final String blob;
  private final long fileBytes;
  private final int bytes;
  private final ParquetMetadata parquet;
  private final Checksums checksums;

  private Footer(
      String blob, long fileBytes, int bytes, ParquetMetadata parquet, Checksums checksums) {
    this.blob = blob;
    this.fileBytes = fileBytes;
    this.bytes = bytes;
    this.parquet = parquet;
    this.checksums = checksums;
  }

  /** Returns the range of the footer of a file. */
  public static ByteRange range(String blob, long fileBytes, int footerBytes) {
    if (footerBytes < TAIL_BYTES || footerBytes > MAX_BYTES || footerBytes > fileBytes) {
      throw new DamagedBlobException(
          blob, 0, "a footer of " + footerBytes + " bytes in a file of " + fileBytes);
    }
    return new ByteRange(fileBytes - footerBytes, footerBytes);
  }

  /**
   * Checks and parses the tail of a file.
   *
   * @param blob its name, for errors
   * @param fileBytes length of the whole file
   * @param tail the last bytes of the file
   * @param crc32c what the tail's CRC32C must be, from the manifest or a receipt
   */
  public static Footer parse(String blob, long fileBytes, ByteBuffer tail, int crc32c) {
    long start = fileBytes - tail.remaining();
    int found = Checksums.crc32c(tail);
    if (found != crc32c) {
      throw new DamagedBlobException(
          blob,
          start,
          String.format("CRC32C of the footer is %08x, the dataset says %08x", found, crc32c));
    }
    ByteBuffer bytes = tail.slice().order(ByteOrder.LITTLE_ENDIAN);
    int thrift = bytes.limit() - TAIL_BYTES;
    if (thrift < 0 || bytes.getInt(thrift) != thrift || bytes.getInt(thrift + 4) != MAGIC) {
      throw new DamagedBlobException(blob, start, "no Parquet footer here");
    }
    byte[] encoded = new byte[thrift];
    bytes.get(encoded);
    try {
      ParquetMetadata parquet =
          new ParquetMetadataConverter()
              .fromParquetMetadata(
                  Util.readFileMetaData(new ByteArrayInputStream(encoded), MAX_BYTES));
      String table = parquet.getFileMetaData().getKeyValueMetaData().get(Checksums.KEY);
      if (table == null) {
        throw new DamagedBlobException(blob, start, "the footer has no " + Checksums.KEY);
      }
      Checksums checksums = Checksums.decode(blob, table, start);
      return new Footer(blob, fileBytes, tail.remaining(), parquet, checksums);
    } catch (DamagedBlobException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Parquet answers hostile footers with all kinds of runtime exceptions, and follows types
      // and structs as deep as they are nested.
      throw new DamagedBlobException(blob, start, "footer cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the length of the footer, in bytes of the file. */
  public int bytes() {
    return bytes;
  }

  /** Returns the name of the file, for errors. */
  public String blob() {
    return blob;
  }

  /** Returns the length of the whole file in bytes. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Returns the keys and values that the writer stored. */
  public Map<String, String> metadata() {
    return parquet.getFileMetaData().getKeyValueMetaData();
  }

  /**
   * Returns the value of one key.
   *
   * @throws DamagedBlobException if it is missing
   */
  public String metadata(String key) {
    String value = metadata().get(key);
    if (value == null) {
      throw new DamagedBlobException(blob, checksumsEnd(), "the footer has no " + key);
    }
    return value;
  }

  /** Returns the rows in all row groups. */
  public long rows() {
    return parquet.getBlocks().stream().mapToLong(b -> b.getRowCount()).sum();
  }

  /** Returns ranges that cover every page and index of the file, for {@link #check}. */
  public List<ByteRange> body(int max) {
    return checksums.ranges(max);
  }

  /**
   * Checks fetched segments of the file.
   *
   * @throws DamagedBlobException if a checksum differs
   */
  public void check(long offset, ByteBuffer bytes) {
    checksums.check(blob, offset, bytes);
  }

  Checksums checksums() {
    return checksums;
  }

  ParquetMetadata parquet() {
    return parquet;
  }

  private long checksumsEnd() {
    return fileBytes - TAIL_BYTES;
  }
}
