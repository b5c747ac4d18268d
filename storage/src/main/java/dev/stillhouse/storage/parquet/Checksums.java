package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC32C of every segment of a file: each page with its header, each part of the page index.
 * Segments follow one another from the magic to the footer.
 */
final class Checksums {
  static final String KEY = "stillhouse.checksums";
  static final int MAGIC_BYTES = 4;
  private static final int BYTES_PER_SEGMENT = 8;

  /** Where each segment starts; one more value than segments. */
  private final long[] starts;

  private final int[] sums;

  private Checksums(long[] starts, int[] sums) {
    this.starts = starts;
    this.sums = sums;
  }

  /** Returns the CRC32C of bytes. */
  static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  static String encode(List<ByteRange> segments, int[] sums) {
    ByteBuffer table =
        ByteBuffer.allocate(segments.size() * BYTES_PER_SEGMENT).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < sums.length; i++) {
      table.putInt(segments.get(i).length()).putInt(sums[i]);
    }
    return Base64.getEncoder().encodeToString(table.array());
  }

  /** Reads the table; it must end where the footer starts. */
  static Checksums decode(String blob, String text, long footerStart) {
    ByteBuffer table;
    try {
      table = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new DamagedBlobException(blob, footerStart, KEY + " is not base64", e);
    }
    if (table.remaining() % BYTES_PER_SEGMENT != 0) {
      throw new DamagedBlobException(
          blob, footerStart, KEY + " has " + table.remaining() + " bytes, no whole pieces");
    }
    int segments = table.remaining() / BYTES_PER_SEGMENT;
    long[] starts = new long[segments + 1];
    int[] sums = new int[segments];
    starts[0] = MAGIC_BYTES;
    for (int i = 0; i < segments; i++) {
      starts[i + 1] = starts[i] + Integer.toUnsignedLong(table.getInt());
      sums[i] = table.getInt();
    }
    if (starts[segments] != footerStart) {
      throw new DamagedBlobException(
          blob,
          footerStart,
          KEY + " ends at " + starts[segments] + ", not where the footer starts");
    }
    return new Checksums(starts, sums);
  }

  /**
   * Checks bytes that were fetched from {@code offset}, which must be whole segments.
   *
   * @throws DamagedBlobException if a checksum differs
   */
  void check(String blob, long offset, ByteBuffer bytes) {
    int segment = Arrays.binarySearch(starts, offset);
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      if (segment < 0
          || segment >= sums.length
          || starts[segment + 1] - starts[segment] > rest.remaining()) {
        throw new DamagedBlobException(
            blob,
            offset,
            "the column chunks of the footer do not lie on the pieces that were checksummed");
      }
      int length = (int) (starts[segment + 1] - starts[segment]);
      int found = crc32c(rest.slice(rest.position(), length));
      if (found != sums[segment]) {
        throw new DamagedBlobException(
            blob,
            starts[segment],
            String.format(
                "CRC32C of the %d bytes from here is %08x, the footer says %08x",
                length, found, sums[segment]));
      }
      rest.position(rest.position() + length);
      segment++;
    }
  }

  /** Returns the segment {@code behind} places after that which starts at {@code offset}. */
  ByteRange segment(String blob, long offset, int behind) {
    int first = Arrays.binarySearch(starts, offset);
    if (first < 0 || behind >= sums.length - first) {
      throw new DamagedBlobException(
          blob, starts[sums.length], "no checksummed piece " + behind + " behind " + offset);
    }
    int segment = first + behind;
    long length = starts[segment + 1] - starts[segment];
    if (length > Integer.MAX_VALUE) {
      throw new DamagedBlobException(blob, starts[segment], "a piece of " + length + " bytes");
    }
    return new ByteRange(starts[segment], (int) length);
  }

  /**
   * Returns ranges that cover all segments, each at most {@code max} bytes if segments allow it.
   */
  List<ByteRange> ranges(int max) {
    var ranges = new ArrayList<ByteRange>();
    int from = 0;
    for (int i = 1; i <= sums.length; i++) {
      if (i == sums.length || starts[i + 1] - starts[from] > max) {
        ranges.add(new ByteRange(starts[from], Math.toIntExact(starts[i] - starts[from])));
        from = i;
      }
    }
    return ranges;
  }
}
