package dev.stillhouse.pipeline.corpus.parquet;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
      long written;
      byte[] inflated = new byte[size];
      switch (codec) {
        case SNAPPY -> {
          written = Snappy.uncompressedLength(packed);
          if (written == size) {
            written = Snappy.uncompress(packed, 0, packed.length, inflated, 0);
          }
        }
        case GZIP -> {
          try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            written = in.readNBytes(inflated, 0, size);
            written += in.read() < 0 ? 0 : 1;
          }
        }
        default -> written = Zstd.decompress(inflated, packed);
      }
      if (written != size) {
        throw new IOException("a page does not inflate to the " + size + " bytes of its header");
      }
      return inflated;
    }

    @Override
    public void release() {}
  }
}
