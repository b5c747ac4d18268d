package dev.stillhouse.pipeline.formats.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code tinker}: an object a segment, as the inputs of Tinker's cross-entropy loss: the tokens but
 * the last, and for each position as many target ids as the widest has, with the teacher's
 * probabilities as weights. Places without an entry have id 0 and weight 0.
 */
final class TinkerExport implements ExportFormat {
  @Override
  public String name() {
    return "tinker";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return ImmutableList.<String>builder()
        .addAll(Losses.entriesAlone(spec))
        .add("log-probs become probabilities of float32")
        .build();
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    return new JsonExportWriter(file, TinkerExport::lines);
  }

  private static int lines(JsonGenerator out, StatisticsBatch batch, int row) throws IOException {
    return Segments.pairs(batch.tokens(), row, (from, end) -> line(out, batch, from, end));
  }

  private static void line(JsonGenerator out, StatisticsBatch batch, int from, int end)
      throws IOException {
    int widest = 0;
    for (int slot = from; slot < end - 1; slot++) {
      widest = Math.max(widest, batch.offsets()[slot + 1] - batch.offsets()[slot]);
    }
    out.writeStartObject();
    JsonExportWriter.ints(out, "model_input", batch.tokens().tokens(), from, end - 1);
    out.writeObjectFieldStart("loss_fn_inputs");
    out.writeArrayFieldStart("target_tokens");
    for (int slot = from; slot < end - 1; slot++) {
      out.writeStartArray();
      for (int i = 0; i < widest; i++) {
        int e = batch.offsets()[slot] + i;
        out.writeNumber(e < batch.offsets()[slot + 1] ? batch.ids()[e] : 0);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("weights");
    for (int slot = from; slot < end - 1; slot++) {
      out.writeStartArray();
      for (int i = 0; i < widest; i++) {
        int e = batch.offsets()[slot] + i;
        boolean there = e < batch.offsets()[slot + 1];
        out.writeNumber(there ? (float) StrictMath.exp(batch.logProbs()[e]) : 0f);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeEndObject();
    JsonExportWriter.endLine(out);
  }
}
