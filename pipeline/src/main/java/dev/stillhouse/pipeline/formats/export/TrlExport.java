package dev.stillhouse.pipeline.formats.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code trl}: an object a segment. Its first token is the prompt, the others are the completion
 * with the entries of each of its tokens. A segment of one token has no completion and is left out.
 */
final class TrlExport implements ExportFormat {
  @Override
  public String name() {
    return "trl";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return Losses.entriesAlone(spec);
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    return new JsonExportWriter(file, TrlExport::lines);
  }

  private static int lines(JsonGenerator out, StatisticsBatch batch, int row) throws IOException {
    return Segments.pairs(
        batch.tokens(),
        row,
        (from, end) -> {
          out.writeStartObject();
          JsonExportWriter.ints(out, "prompt_ids", batch.tokens().tokens(), from, from + 1);
          JsonExportWriter.ints(out, "completion_ids", batch.tokens().tokens(), from + 1, end);
          JsonExportWriter.logProbs(out, "logprobs", batch, from, end - 1);
          JsonExportWriter.ids(out, "logprob_token_ids", batch, from, end - 1);
          JsonExportWriter.floats(out, "actual_logprobs", batch.targetLogProb(), from, end - 1);
          JsonExportWriter.endLine(out);
        });
  }
}
