package dev.stillhouse.storage.tokens;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Writes one token shard. Memory is one row group of 65,536 positions. */
public final class TokenShardWriter implements Closeable {
  static final String SOURCES = "sources";
  private static final int POSITIONS_PER_GROUP = 65_536;
  private static final MessageType SCHEMA =
      new MessageType(
          "tokens",
          ImmutableList.<Type>builder()
              .addAll(TokenColumns.types())
              .add(
                  Fields.list(
                      SOURCES,
                      Types.requiredGroup()
                          .addField(
                              Types.required(BINARY)
                                  .as(LogicalTypeAnnotation.stringType())
                                  .named("file"))
                          .addField(Types.required(INT64).named("document"))
                          .named("element")))
              .build());

  private final RowFileWriter<PackedRows> file;

  /** Opens a new file. */
  public TokenShardWriter(Path path, TokenShardHeader header) throws IOException {
    this.file =
        new RowFileWriter<>(
            path,
            new RowFileWriter.Shape(
                SCHEMA,
                header.toMetadata(),
                Math.max(1, POSITIONS_PER_GROUP / header.sequenceLength()),
                ImmutableSet.of()),
            TokenShardWriter::encode);
  }

  /** Appends sequences. */
  public void write(PackedRows rows) throws IOException {
    for (int row = 0; row < rows.tokens().sequences(); row++) {
      file.write(rows, row);
    }
  }

  private static void encode(PackedRows rows, int row, RecordConsumer out) {
    TokenColumns.write(out, rows.tokens(), row);
    var sources = rows.sources().get(row);
    Fields.list(
        out,
        SOURCES,
        4,
        0,
        sources.size(),
        i -> {
          out.startField("element", 0);
          out.startGroup();
          out.startField("file", 0);
          out.addBinary(Binary.fromString(sources.get(i).file()));
          out.endField("file", 0);
          out.startField("document", 1);
          out.addLong(sources.get(i).document());
          out.endField("document", 1);
          out.endGroup();
          out.endField("element", 0);
        });
  }

  /** Completes the shard. */
  public SealedFile finish() throws IOException {
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
