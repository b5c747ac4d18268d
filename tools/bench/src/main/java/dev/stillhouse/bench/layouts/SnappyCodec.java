package dev.stillhouse.bench.layouts;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses Parquet pages with snappy; its own factory needs Hadoop's configuration. */
final class SnappyCodec
    implements CompressionCodecFactory,
        CompressionCodecFactory.BytesInputCompressor,
        CompressionCodecFactory.BytesInputDecompressor {
  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return this;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return this;
  }

  @Override
  public CompressionCodecName getCodecName() {
    return CompressionCodecName.SNAPPY;
  }

  @Override
  public BytesInput compress(BytesInput bytes) throws IOException {
    return BytesInput.from(Snappy.compress(bytes.toInputStream().readAllBytes()));
  }

  @Override
  public BytesInput decompress(BytesInput bytes, int size) throws IOException {
    return BytesInput.from(Snappy.uncompress(bytes.toInputStream().readAllBytes()));
  }

  @Override
  public void decompress(ByteBuffer in, int packedSize, ByteBuffer out, int size)
      throws IOException {
    byte[] packed = new byte[packedSize];
    in.get(packed);
    out.put(Snappy.uncompress(packed));
  }

  @Override
  public void release() {}
}
