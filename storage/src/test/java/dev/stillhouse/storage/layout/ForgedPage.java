package dev.stillhouse.storage.layout;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/**
 * A page that a test changes.
 *
 * @param header free to be changed; lengths follow the bytes only where {@link #bytes} is asked
 * @param plain what it inflates to
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
record ForgedPage(PageHeader header, byte[] plain) {
  /** Reads a page as it lies in a file, its header first. */
  static ForgedPage of(byte[] piece) {
    try {
      ByteArrayInputStream in = new ByteArrayInputStream(piece);
      PageHeader header = Util.readPageHeader(in);
      byte[] body = in.readAllBytes();
      boolean packed =
          !header.isSetData_page_header_v2() || header.getData_page_header_v2().isIs_compressed();
      byte[] plain = packed ? Zstd.decompress(body, header.getUncompressed_page_size()) : body;
      return new ForgedPage(header, plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page as it would lie in a file if its plain bytes were these. */
  static byte[] holding(PageHeader like, byte[] plain) {
    PageHeader header = like.deepCopy();
    boolean packed =
        !header.isSetData_page_header_v2() || header.getData_page_header_v2().isIs_compressed();
    byte[] body = packed ? Zstd.compress(plain, 1) : plain;
    header.setUncompressed_page_size(plain.length);
    header.setCompressed_page_size(body.length);
    return bytes(header, body);
  }

  /** Any header before any bytes. */
  static byte[] bytes(PageHeader header, byte[] body) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Util.writePageHeader(header, out);
      out.write(body);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
