package dev.stillhouse.pipeline.job.exports;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.export.ExportFormat;
import dev.stillhouse.pipeline.formats.export.ExportFormats;
import dev.stillhouse.pipeline.formats.export.ExportWriter;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.Scratch;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an opened dataset to a file. */
public final class ExportJob {
  private ExportJob() {}

  /**
   * The result.
   *
   * @param samples rows or lines of the file
   * @param losses what the format has no place for, a line each
   */
  public record Exported(
      String format,
      String file,
      long sequences,
      long positions,
      long samples,
      long bytes,
      List<String> losses) {}

  /** Returns what a format would lose of a dataset. */
  public static ImmutableList<String> losses(String format, Dataset dataset) {
    return ExportFormats.named(format).losses(dataset.manifest(), dataset.statistic());
  }

  /**
   * Writes the file.
   *
   * @param out must not exist
   */
  public static Exported run(String name, Dataset dataset, Path out, JobListener listener) {
    ExportFormat format = ExportFormats.named(name);
    StatisticSpec spec = dataset.statistic();
    if (Files.exists(out)) {
      throw UsageException.of("--out %s is there already; choose another, or remove it", out);
    }
    Path part = out.resolveSibling(out.getFileName() + ".part");
    long sequences = dataset.manifest().sequences();
    long positions = 0;
    long samples = 0;
    Meter meter = new Meter();
    try {
      Files.deleteIfExists(part);
      try (ExportWriter writer = format.open(part, dataset.manifest(), spec);
          JobListener.Stage stage = listener.start("exporting", "sequences", sequences, meter)) {
        int step = TokenBatch.sequencesAtOnce(dataset.manifest().sequenceLength());
        for (long first = 0; first < sequences; ) {
          meter.checkStop();
          long shardEnd = dataset.manifest().shardOf(first).endSequence();
          int count = (int) Math.min(step, shardEnd - first);
          StatisticsBatch batch = dataset.read(first, count, Projection.ALL);
          for (int row = 0; row < count; row++) {
            samples += writer.write(batch, row);
          }
          positions += batch.tokens().positions();
          meter.add(count);
          first += count;
        }
        writer.finish();
      }
      long bytes = Files.size(part);
      Files.move(part, out);
      return new Exported(
          name,
          out.toString(),
          sequences,
          positions,
          samples,
          bytes,
          format.losses(dataset.manifest(), spec));
    } catch (IOException e) {
      throw new DataException(out + " cannot be written: " + e, e);
    } finally {
      Scratch.delete(part);
    }
  }
}
