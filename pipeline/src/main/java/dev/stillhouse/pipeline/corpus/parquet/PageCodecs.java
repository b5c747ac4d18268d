package dev.stillhouse.pipeline.corpus.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import com.google.common.collect.ImmutableSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Inflates pages without Hadoop's configuration. */
final class PageCodecs implements CompressionCodecFactory {
  /**
   * Codecs that are read. LZ4 has two framings under one name, and the others need libraries of
   * their own.
   */
  static final ImmutableSet<CompressionCodecName> READ =
      ImmutableSet.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD);

  /** The largest page that is inflated, in bytes; a hostile header may claim 2 GiB. */
  static final int MAX_PAGE_BYTES = 256 << 20;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("corpora are read only");
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (!READ.contains(codec)) {
      throw new IllegalArgumentException("codec " + codec + " is not read");
    }
    return new Decompressor(codec);
  }

  @Override
  public void release() {}

  /** Reports a page larger than the limit. */
  static final class LimitException extends IOException {
    private static final long serialVersionUID = 1;

    LimitException(String message) {
      super(message);
    }
  }

  private static final byte[] NOTHING = new byte[0];

  private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      if (codec == CompressionCodecName.UNCOMPRESSED) {
        return bytes;
      }
      return BytesInput.from(inflate(bytes.toInputStream().readAllBytes(), size));
    }

    @Override
    public void decompress(ByteBuffer in, int packedSize, ByteBuffer out, int size)
        throws IOException {
      byte[] packed = new byte[packedSize];
      in.get(packed);
      out.put(codec == CompressionCodecName.UNCOMPRESSED ? packed : inflate(packed, size));
    }

    private byte[] inflate(byte[] packed, int size) throws IOException {
      long limit = Math.min(MAX_PAGE_BYTES, Runtime.getRuntime().maxMemory() / 4);
      if (size < 0 || size > limit) {
        throw new LimitException(
            "a page of "
                + (size & 0xFFFF_FFFFL)
                + " bytes; the limit is "
                + limit
                + " (a quarter of the heap, and at most "
                + MAX_PAGE_BYTES
                + "); write the file anew with smaller pages");
      }
      // Memory is taken for what the bytes hold, not for what a damaged header claims.
      byte[] inflated =
          switch (codec) {
            case SNAPPY ->
                Snappy.uncompressedLength(packed) == size ? Snappy.uncompress(packed) : NOTHING;
            case GZIP -> all(new GZIPInputStream(new ByteArrayInputStream(packed)), size);
            default ->
                Zstd.getFrameContentSize(packed) == size
                    ? zstd(packed, size)
                    : all(new ZstdInputStream(new ByteArrayInputStream(packed)), size);
          };
      if (inflated.length != size) {
        throw new IOException("a page does not inflate to the " + size + " bytes of its header");
      }
      return inflated;
    }

    private static byte[] zstd(byte[] packed, int size) {
      byte[] inflated = new byte[size];
      return Zstd.decompress(inflated, packed) == size ? inflated : NOTHING;
    }

    /** Returns all of a stream, or something of another length if it does not have this size. */
    private static byte[] all(InputStream in, int size) throws IOException {
      try (in) {
        byte[] bytes = in.readNBytes(size);
        return in.read() < 0 ? bytes : NOTHING;
      }
    }

    @Override
    public void release() {}
  }
}
