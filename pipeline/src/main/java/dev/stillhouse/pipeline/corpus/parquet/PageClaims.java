package dev.stillhouse.pipeline.corpus.parquet;

import com.google.common.io.CountingInputStream;
import dev.stillhouse.storage.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Compares what the headers of pages claim with the bytes that the file has. Parquet's reader takes
 * memory for a claim before it reads, up to 2 GiB.
 */
final class PageClaims {
  private static final int BUFFER = 1 << 12;

  /** The largest header in bytes: a page's least and greatest value lie in it. */
  private static final int MAX_HEADER = 64 << 20;

  private PageClaims() {}

  /**
   * Checks the headers of a column chunk.
   *
   * @throws DataException for a page that claims more bytes than follow it
   */
  static void check(Path file, ColumnChunkMetaData chunk) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = channel.size();
      long at = chunk.getStartingPos();
      long values = 0;
      while (values < chunk.getValueCount() && at < bytes) {
        CountingInputStream in =
            new CountingInputStream(
                new BufferedInputStream(Channels.newInputStream(channel.position(at)), BUFFER));
        PageHeader header = header(in, bytes - at);
        long from = at + in.getCount();
        int stored = header.getCompressed_page_size();
        if (stored < 0 || stored > bytes - from) {
          throw DataException.of(
              "%s: column '%s': the page at %d claims %d bytes, %d follow; get the file anew",
              file, chunk.getPath().toDotString(), at, stored & 0xFFFF_FFFFL, bytes - from);
        }
        at = from + stored;
        values += values(header);
      }
    }
  }

  /** Reads a header; no string of it may be longer than what follows. */
  private static PageHeader header(InputStream in, long follow) throws IOException {
    TConfiguration limits =
        TConfiguration.custom().setMaxMessageSize((int) Math.min(MAX_HEADER, follow)).build();
    PageHeader header = new PageHeader();
    try {
      header.read(new TCompactProtocol(new TIOStreamTransport(limits, in)));
      return header;
    } catch (TException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int values(PageHeader header) {
    int count = 0;
    if (header.isSetData_page_header()) {
      count = header.getData_page_header().getNum_values();
    } else if (header.isSetData_page_header_v2()) {
      count = header.getData_page_header_v2().getNum_values();
    }
    return Math.max(0, count);
  }
}
