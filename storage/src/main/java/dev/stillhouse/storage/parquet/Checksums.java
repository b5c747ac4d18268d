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
 * The CRC32C of every piece of a file: each page with its header, each part of the page index. The
 * pieces follow one another from behind the magic to the footer.
 */
final class Checksums {
  static final String KEY = "stillhouse.checksums";
  static final int MAGIC_BYTES = 4;
  private static final int BYTES_PER_PIECE = 8;

  /** Where each piece starts; one more value than pieces. */
  private final long[] starts;

  private final int[] sums;

  private Checksums(long[] starts, int[] sums) {
    this.starts = starts;
    this.sums = sums;
  }

  /** CRC32C of some bytes. */
  static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  static String encode(List<ByteRange> pieces, int[] sums) {
    ByteBuffer table =
        ByteBuffer.allocate(pieces.size() * BYTES_PER_PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < sums.length; i++) {
      table.putInt(pieces.get(i).length()).putInt(sums[i]);
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
    if (table.remaining() % BYTES_PER_PIECE != 0) {
      throw new DamagedBlobException(
          blob, footerStart, KEY + " has " + table.remaining() + " bytes, no whole pieces");
    }
    int pieces = table.remaining() / BYTES_PER_PIECE;
    long[] starts = new long[pieces + 1];
    int[] sums = new int[pieces];
    starts[0] = MAGIC_BYTES;
    for (int i = 0; i < pieces; i++) {
      starts[i + 1] = starts[i] + Integer.toUnsignedLong(table.getInt());
      sums[i] = table.getInt();
    }
    if (starts[pieces] != footerStart) {
      throw new DamagedBlobException(
          blob, footerStart, KEY + " ends at " + starts[pieces] + ", not where the footer starts");
    }
    return new Checksums(starts, sums);
  }

  /** Checks bytes that were fetched from {@code offset}; they must be whole pieces. */
  void check(String blob, long offset, ByteBuffer bytes) {
    int piece = Arrays.binarySearch(starts, offset);
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      if (piece < 0
          || piece >= sums.length
          || starts[piece + 1] - starts[piece] > rest.remaining()) {
        throw new DamagedBlobException(
            blob,
            offset,
            "the column chunks of the footer do not lie on the pieces that were checksummed");
      }
      int length = (int) (starts[piece + 1] - starts[piece]);
      int found = crc32c(rest.slice(rest.position(), length));
      if (found != sums[piece]) {
        throw new DamagedBlobException(
            blob,
            starts[piece],
            String.format(
                "CRC32C of the %d bytes from here is %08x, the footer says %08x",
                length, found, sums[piece]));
      }
      rest.position(rest.position() + length);
      piece++;
    }
  }

  /** The piece that comes {@code behind} that which starts at {@code offset}. */
  ByteRange piece(String blob, long offset, int behind) {
    int first = Arrays.binarySearch(starts, offset);
    if (first < 0 || behind >= sums.length - first) {
      throw new DamagedBlobException(
          blob, starts[sums.length], "no checksummed piece " + behind + " behind " + offset);
    }
    int piece = first + behind;
    long length = starts[piece + 1] - starts[piece];
    if (length > Integer.MAX_VALUE) {
      throw new DamagedBlobException(blob, starts[piece], "a piece of " + length + " bytes");
    }
    return new ByteRange(starts[piece], (int) length);
  }

  /** Ranges that cover all pieces, each at most {@code max} bytes where pieces allow it. */
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
