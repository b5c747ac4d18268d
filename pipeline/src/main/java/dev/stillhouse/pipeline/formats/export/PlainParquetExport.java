package dev.stillhouse.pipeline.formats.export;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.parquet.Fields;
import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * {@code parquet}: a row a sequence, with a list of {@code (id, log_prob)} structs for each
 * position and our scalars. Padding is left out.
 */
final class PlainParquetExport implements ExportFormat {
  /** Positions of a row group. */
  private static final int GROUP_POSITIONS = 16_384;

  private static final MessageType SCHEMA =
      new MessageType(
          "statistics",
          Fields.list("tokens", Fields.element(INT32)),
          Fields.list("segments", Fields.element(INT32)),
          Fields.list(
              "entries",
              Fields.list(
                  "element",
                  Types.requiredGroup()
                      .addField(Types.required(INT32).named("id"))
                      .addField(Types.required(FLOAT).named("log_prob"))
                      .named("element"))),
          Fields.list("log_tail", Fields.optionalElement(FLOAT)),
          Fields.list("entropy", Fields.optionalElement(FLOAT)),
          Fields.list("log_normaliser", Fields.optionalElement(FLOAT)),
          Fields.list("target_log_prob", Fields.optionalElement(FLOAT)));

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return Losses.ofSpec(spec).build();
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    return new ParquetExportWriter(
        new RowFileWriter<>(
            file,
            new RowFileWriter.Shape(
                SCHEMA,
                ImmutableMap.of(),
                Math.max(1, GROUP_POSITIONS / manifest.sequenceLength()),
                ImmutableSet.of()),
            PlainParquetExport::encode));
  }

  private static void encode(StatisticsBatch batch, int row, RecordConsumer out) {
    int length = batch.tokens().length();
    int from = row * length;
    int end = from;
    while (end < from + length && !batch.tokens().padding(end)) {
      end++;
    }
    Fields.ints(out, "tokens", 0, batch.tokens().tokens(), from, end);
    Fields.ints(out, "segments", 1, batch.tokens().segments(), from, end);
    Fields.list(
        out,
        "entries",
        2,
        from,
        end,
        slot -> {
          out.startField("element", 0);
          Fields.elements(
              out,
              batch.offsets()[slot],
              batch.offsets()[slot + 1],
              e -> {
                out.startField("element", 0);
                out.startGroup();
                Fields.integer(out, "id", 0, batch.ids()[e]);
                Fields.real(out, "log_prob", 1, batch.logProbs()[e]);
                out.endGroup();
                out.endField("element", 0);
              });
          out.endField("element", 0);
        });
    Fields.floats(out, "log_tail", 3, batch.logTail(), from, end);
    Fields.floats(out, "entropy", 4, batch.entropy(), from, end);
    Fields.floats(out, "log_normaliser", 5, batch.logNormaliser(), from, end);
    Fields.floats(out, "target_log_prob", 6, batch.targetLogProb(), from, end);
  }
}
