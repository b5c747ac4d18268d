package dev.stillhouse.pipeline.formats.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;

/** {@code jsonl}: an object a sequence, with the names of our columns. Padding is left out. */
final class JsonlExport implements ExportFormat {
  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return Losses.ofSpec(spec).build();
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    return new JsonExportWriter(file, JsonlExport::line);
  }

  private static int line(JsonGenerator out, StatisticsBatch batch, int row) throws IOException {
    int length = batch.tokens().length();
    int from = row * length;
    int end = from;
    while (end < from + length && !batch.tokens().padding(end)) {
      end++;
    }
    out.writeStartObject();
    JsonExportWriter.ints(out, "tokens", batch.tokens().tokens(), from, end);
    JsonExportWriter.ints(out, "segments", batch.tokens().segments(), from, end);
    JsonExportWriter.ids(out, "ids", batch, from, end);
    JsonExportWriter.logProbs(out, "log_probs", batch, from, end);
    JsonExportWriter.floats(out, "log_tail", batch.logTail(), from, end);
    JsonExportWriter.floats(out, "entropy", batch.entropy(), from, end);
    JsonExportWriter.floats(out, "log_normaliser", batch.logNormaliser(), from, end);
    JsonExportWriter.floats(out, "target_log_prob", batch.targetLogProb(), from, end);
    JsonExportWriter.endLine(out);
    return 1;
  }
}
