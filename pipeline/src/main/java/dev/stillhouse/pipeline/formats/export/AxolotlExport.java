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

/**
 * {@code axolotl}: Parquet with the columns of a prepared dataset, a row a segment. A row of
 * statistics stands at the token that it describes, and log-probs are normalised over the kept
 * entries, as Axolotl prepares them.
 */
final class AxolotlExport implements ExportFormat {
  private static final int IGNORED = -100;
  private static final int ROWS_PER_GROUP = 64;
  private static final MessageType SCHEMA =
      new MessageType(
          "axolotl",
          Fields.list("input_ids", Fields.element(INT32)),
          Fields.list("attention_mask", Fields.element(INT32)),
          Fields.list("labels", Fields.element(INT32)),
          Fields.list("target_token_ids", Fields.list("element", Fields.element(INT32))),
          Fields.list("target_logprobs", Fields.list("element", Fields.element(FLOAT))),
          Fields.list("target_mask", Fields.list("element", Fields.element(INT32))));

  @Override
  public String name() {
    return "axolotl";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return ImmutableList.<String>builder()
        .addAll(Losses.entriesAlone(spec))
        .add("the scale of log-probs: they are normalised over the kept entries")
        .build();
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    return new Writer(file);
  }

  /** One segment of a batch. */
  private record Sample(StatisticsBatch batch, int from, int end) {}

  private static final class Writer implements ExportWriter {
    private final RowFileWriter<Sample> rows;

    Writer(Path file) throws IOException {
      rows =
          new RowFileWriter<>(
              file,
              new RowFileWriter.Shape(SCHEMA, ImmutableMap.of(), ROWS_PER_GROUP, ImmutableSet.of()),
              (sample, row, out) -> encode(sample, out));
    }

    @Override
    public int write(StatisticsBatch batch, int row) throws IOException {
      return Segments.each(
          batch.tokens(), row, (from, end) -> rows.write(new Sample(batch, from, end), 0));
    }

    @Override
    public void finish() throws IOException {
      var unused = rows.finish();
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }

  private static void encode(Sample sample, RecordConsumer out) {
    int[] tokens = sample.batch().tokens().tokens();
    int from = sample.from();
    int end = sample.end();
    Fields.ints(out, "input_ids", 0, tokens, from, end);
    Fields.list(out, "attention_mask", 1, from, end, i -> Fields.integer(out, "element", 0, 1));
    Fields.list(
        out,
        "labels",
        2,
        from,
        end,
        i -> Fields.integer(out, "element", 0, i == from ? IGNORED : tokens[i]));
    rows(
        sample,
        out,
        "target_token_ids",
        3,
        (e, lse) -> Fields.integer(out, "element", 0, sample.batch().ids()[e]));
    rows(
        sample,
        out,
        "target_logprobs",
        4,
        (e, lse) -> Fields.real(out, "element", 0, (float) (sample.batch().logProbs()[e] - lse)));
    rows(sample, out, "target_mask", 5, (e, lse) -> Fields.integer(out, "element", 0, 1));
  }

  private interface Entry {
    void write(int entry, double logMass);
  }

  /** Writes a list for each token: that of the position before it, and none for the first. */
  private static void rows(Sample sample, RecordConsumer out, String name, int field, Entry entry) {
    Fields.list(
        out,
        name,
        field,
        sample.from(),
        sample.end(),
        i -> {
          int slot = i - 1;
          int first = i == sample.from() ? 0 : sample.batch().offsets()[slot];
          int last = i == sample.from() ? 0 : sample.batch().offsets()[slot + 1];
          double mass = 0;
          for (int e = first; e < last; e++) {
            mass += StrictMath.exp(sample.batch().logProbs()[e]);
          }
          double lse = StrictMath.log(mass);
          out.startField("element", 0);
          Fields.elements(out, first, last, e -> entry.write(e, lse));
          out.endField("element", 0);
        });
  }
}
