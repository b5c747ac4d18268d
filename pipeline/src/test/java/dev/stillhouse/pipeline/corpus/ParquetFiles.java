package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.ColumnEncryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Parquet files as others write them. */
final class ParquetFiles {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message m { required int64 id; optional binary text (STRING); optional binary raw;"
              + " repeated binary words (STRING); }");

  private ParquetFiles() {}

  /** Rows of an id and a text, which may be null; row groups of {@code rowsPerGroup}. */
  static Path write(
      Path file, CompressionCodecName codec, int rowsPerGroup, List<byte @Nullable []> texts) {
    return write(file, codec, rowsPerGroup, texts, null);
  }

  /** A file of which one column is encrypted, and the footer is not. */
  static Path encrypted(Path file, String column, List<byte @Nullable []> texts) {
    byte[] key = "sixteen letters.".getBytes(UTF_8);
    ColumnPath path = ColumnPath.get(column);
    FileEncryptionProperties secret =
        FileEncryptionProperties.builder(key)
            .withPlaintextFooter()
            .withEncryptedColumns(
                Map.of(path, ColumnEncryptionProperties.builder(path).withKey(key).build()))
            .build();
    return write(file, CompressionCodecName.UNCOMPRESSED, 10, texts, secret);
  }

  private static Path write(
      Path file,
      CompressionCodecName codec,
      int rowsPerGroup,
      List<byte @Nullable []> texts,
      @Nullable FileEncryptionProperties secret) {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(SCHEMA)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .withEncryption(secret)
            .withCompressionCodec(codec)
            .withRowGroupRowCountLimit(rowsPerGroup)
            .withPageRowCountLimit(7)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      long id = 0;
      for (byte[] text : texts) {
        Group group = new SimpleGroup(SCHEMA);
        group.add("id", id++);
        if (text != null) {
          group.add("text", Binary.fromConstantByteArray(text));
        }
        writer.write(group);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static final class Codecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new Compressor(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException("this one writes");
    }

    @Override
    public void release() {}
  }

  private record Compressor(CompressionCodecName codec)
      implements CompressionCodecFactory.BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      byte[] plain = bytes.toInputStream().readAllBytes();
      return BytesInput.from(
          switch (codec) {
            case SNAPPY -> Snappy.compress(plain);
            case GZIP -> {
              ByteArrayOutputStream packed = new ByteArrayOutputStream();
              try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(plain);
              }
              yield packed.toByteArray();
            }
            case ZSTD -> Zstd.compress(plain);
            // Whatever else a footer may claim: nobody inflates it.
            default -> plain;
          });
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {}
  }
}
