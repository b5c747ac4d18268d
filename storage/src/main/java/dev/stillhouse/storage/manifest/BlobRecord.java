package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * The length and checksums of a shard file.
 *
 * @param sha256 of the whole file, 64 hex digits
 * @param bytes its length
 * @param footerBytes length of its tail: footer, length field and magic
 * @param footerCrc32c CRC32C of the tail, 8 hex digits
 */
public record BlobRecord(String sha256, long bytes, int footerBytes, String footerCrc32c)
    implements Serializable {
  private static final Pattern CRC = Pattern.compile("[0-9a-f]{8}");

  public BlobRecord {
    Hashes.check("sha256", sha256);
    if (bytes < 0 || footerBytes < 0 || footerBytes > bytes || footerBytes > Footer.MAX_BYTES) {
      throw DataException.of(
          "blob %s: a footer of %d bytes in a file of %d", sha256, footerBytes, bytes);
    }
    crc(footerCrc32c);
  }

  /** Returns the record of a finished file. */
  public static BlobRecord of(SealedFile file) {
    return new BlobRecord(
        file.sha256(),
        file.bytes(),
        file.footerBytes(),
        String.format("%08x", file.footerCrc32c()));
  }

  /** Returns the footer's CRC32C as a number. */
  public int crc() {
    return crc(footerCrc32c);
  }

  private static int crc(String hex) {
    if (!CRC.matcher(hex).matches()) {
      throw DataException.of("footerCrc32c is '%s', need 8 hex digits", hex);
    }
    return Integer.parseUnsignedInt(hex, 16);
  }
}
