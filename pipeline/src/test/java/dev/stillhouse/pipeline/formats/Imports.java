package dev.stillhouse.pipeline.formats;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.exports.ExportJob;
import dev.stillhouse.pipeline.job.imports.ImportJob;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Imports and exports in tests. */
public final class Imports {
  private Imports() {}

  /** Imports a file into layout {@code rows}, which is exact. */
  public static Manifest run(
      String format, Path file, Path out, Alignment alignment, String... settings) {
    return ImportJob.run(
            request(format, file, out, Optional.of(alignment), settings), JobListener.NONE)
        .manifest();
  }

  public static ImportRequest request(
      String format, Path file, Path out, Optional<Alignment> alignment, String... settings) {
    Map<String, String> values = new java.util.TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      values.put(settings[i], settings[i + 1]);
    }
    return new ImportRequest(
        format,
        List.of(file.toString()),
        new ImportSettings(alignment, values),
        out.toString(),
        "rows",
        "",
        Optional.empty(),
        OptionalInt.of(ToolSequence.VOCABULARY),
        OptionalInt.empty(),
        4,
        OptionalInt.empty(),
        false,
        false,
        OptionalDouble.empty(),
        true);
  }

  /** Returns the request with the error that a person gives for the source. */
  public static ImportRequest bounded(ImportRequest request, OptionalDouble nats) {
    return changed(request, nats, request.normaliseKept(), OptionalInt.empty());
  }

  /** Returns the request that normalises over the kept entries. */
  public static ImportRequest normalised(ImportRequest request) {
    return changed(request, request.errorBound(), true, OptionalInt.empty());
  }

  /** Returns the request with a sequence's length and as many entries, or neither. */
  public static ImportRequest sized(ImportRequest request, OptionalInt size) {
    return changed(request, request.errorBound(), request.normaliseKept(), size);
  }

  private static ImportRequest changed(
      ImportRequest request, OptionalDouble nats, boolean normaliseKept, OptionalInt size) {
    return new ImportRequest(
        request.format(),
        request.paths(),
        request.settings(),
        request.out(),
        request.layout(),
        request.teacher(),
        request.tokenizer(),
        request.vocabulary(),
        size,
        request.shardSequences(),
        size,
        request.target(),
        normaliseKept,
        nats,
        request.alignmentCheck());
  }

  public static ExportJob.Exported export(String format, Path dataset, Path file) {
    try (Dataset opened = Dataset.open(dataset.toString())) {
      return ExportJob.run(format, opened, file, JobListener.NONE);
    }
  }

  /** Returns all of a dataset. */
  public static StatisticsBatch all(Path dataset) {
    try (Dataset opened = Dataset.open(dataset.toString())) {
      return StatisticsBatch.concat(
          opened.manifest().shards().stream()
              .map(shard -> opened.read(shard.firstSequence(), shard.sequences(), Projection.ALL))
              .toList());
    }
  }

  /** Returns what verify finds wrong. */
  public static List<Damage> verify(Path dataset) {
    try (Dataset opened = Dataset.open(dataset.toString())) {
      List<Damage> damages = new ArrayList<>();
      for (VerifiedPart part : new DatasetVerifier(opened).parts()) {
        damages.addAll(part.verify());
      }
      return damages;
    }
  }
}
