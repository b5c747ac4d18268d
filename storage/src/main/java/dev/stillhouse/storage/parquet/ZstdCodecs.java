package dev.stillhouse.storage.parquet;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * zstd level 1 for Parquet pages, without Hadoop's configuration. zstd-3 saves at most 4 % on these
 * columns and takes 1.4 to 3.4 times as long.
 */
final class ZstdCodecs implements CompressionCodecFactory {
  private static final int LEVEL = 1;

  /** The largest page that is inflated, in bytes; a hostile header may claim 2 GiB. */
  static final int MOST_PAGE_BYTES = 256 << 20;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException("codec " + codec + ", shards are written with ZSTD");
    }
    return new Decompressor();
  }

  @Override
  public void release() {}

  private static final class Compressor implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      return BytesInput.from(Zstd.compress(bytes.toInputStream().readAllBytes(), LEVEL));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {}
  }

  private static final class Decompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      return BytesInput.from(inflate(bytes.toInputStream().readAllBytes(), size));
    }

    @Override
    public void decompress(ByteBuffer in, int packedSize, ByteBuffer out, int size)
        throws IOException {
      byte[] packed = new byte[packedSize];
      in.get(packed);
      out.put(inflate(packed, size));
    }

    private static byte[] inflate(byte[] packed, int size) throws IOException {
      if (size < 0 || size > MOST_PAGE_BYTES) {
        throw new IOException("a page of " + size + " bytes; the limit is " + MOST_PAGE_BYTES);
      }
      byte[] inflated = new byte[size];
      long written = Zstd.decompress(inflated, packed);
      if (Zstd.isError(written) || written != size) {
        throw new IOException("a page does not inflate to the " + size + " bytes of its header");
      }
      return inflated;
    }

    @Override
    public void release() {}
  }
}
