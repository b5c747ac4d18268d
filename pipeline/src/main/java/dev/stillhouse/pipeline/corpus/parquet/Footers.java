package dev.stillhouse.pipeline.corpus.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Reads footers; a claim of more bytes than the file has is refused. */
final class Footers {
  /** The largest footer that is parsed, in bytes. */
  static final int MAX_BYTES = 64 << 20;

  private static final int TAIL = 8;

  /** A footer, and the offset where it starts. */
  record Found(ParquetMetadata metadata, long start) {}

  private Footers() {}

  static Found read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = channel.size();
      if (bytes < TAIL + 4) {
        throw DataException.of("%s: %d bytes are no Parquet file; get the whole file", file, bytes);
      }
      ByteBuffer tail = read(channel, bytes - TAIL, TAIL).order(ByteOrder.LITTLE_ENDIAN);
      int length = tail.getInt();
      byte[] magic = new byte[4];
      tail.get(magic);
      if (Arrays.equals(magic, "PARE".getBytes(US_ASCII))) {
        throw DataException.of("%s: the footer is encrypted, which is not read", file);
      }
      if (!Arrays.equals(magic, "PAR1".getBytes(US_ASCII))) {
        throw DataException.of(
            "%s: no Parquet file ends like this (PAR1 is missing); it was cut off, or is something"
                + " else: get the whole file",
            file);
      }
      if (length < 0 || length > MAX_BYTES || length > bytes - TAIL - 4) {
        throw DataException.of(
            "%s: the footer claims %d bytes, in a file of %d; the limit is %d",
            file, length & 0xFFFF_FFFFL, bytes, MAX_BYTES);
      }
      long start = bytes - TAIL - length;
      return new Found(parse(file, read(channel, start, length).array()), start);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e, e);
    }
  }

  private static ParquetMetadata parse(Path file, byte[] footer) {
    try {
      // A list may claim more elements than the footer has bytes: the limit forbids that.
      return new ParquetMetadataConverter()
          .fromParquetMetadata(
              Util.readFileMetaData(new ByteArrayInputStream(footer), footer.length));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Parquet answers hostile footers with all kinds of exceptions.
      throw new DataException(
          file + ": the Parquet footer cannot be read: " + words(e) + "; get the file anew", e);
    }
  }

  /** Returns the words of Parquet's reader, without the names of its classes. */
  static String words(Throwable e) {
    String said = String.valueOf(e.getMessage()).replaceAll("\\b(?:[a-z]+\\.)+[A-Z]\\w*:? ?", "");
    return e instanceof StackOverflowError
        ? "it is nested too deep"
        : said.equals("null") || said.isBlank() ? "its bytes make no sense" : said.strip();
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return bytes.flip();
  }
}
