package dev.stillhouse.cli.commands;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.MixtureSpec;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.StudentLoaderBuilder;
import dev.stillhouse.storage.replica.ReadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which data is loaded, and in which order: options of {@code load}. */
final class LoadOptions {
  private static final long MEGABYTE = 1_000_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DATASET",
      description = "Path or s3://bucket/prefix.")
  private @Nullable String dataset;

  @Option(
      names = "--with",
      paramLabel = "DATASET",
      description = "What another teacher said of the same sequences, side by side (repeatable).")
  private List<String> with = List.of();

  @Option(
      names = "--mix",
      paramLabel = "NAME:WEIGHT,...",
      description = "In place of DATASET: several, in these shares.")
  private @Nullable String mix;

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the cursor's, or the newest).")
  private @Nullable Long version;

  @Option(names = "--seed", description = "Seed of the order (default: the cursor's, or 0).")
  private @Nullable Long seed;

  @Option(names = "--epoch", description = "Number of the epoch to start with, from 0.")
  private @Nullable Long epoch;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Go on until N epochs are over (default: one).")
  private @Nullable Long epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sequences of a step, all ranks together (default: the cursor's, or 32).")
  private @Nullable Integer batch;

  @Option(
      names = "--shuffle",
      completionCandidates = Candidates.OfShuffles.class,
      paramLabel = "S",
      description =
          "none, global, or blocks:W: shuffled as well as W shards at a time allow (default: the"
              + " cursor's, or global).")
  private @Nullable String shuffle;

  @Option(names = "--rank", paramLabel = "R", description = "Load rank R's rows, from 0.")
  private @Nullable Integer rank;

  @Option(names = "--ranks", paramLabel = "N", description = "Of N ranks.")
  private @Nullable Integer ranks;

  @Option(
      names = "--stop-after",
      paramLabel = "N",
      description = "Stop when N more sequences are read, all ranks together.")
  private @Nullable Long stopAfter;

  @Option(
      names = "--entries",
      paramLabel = "K",
      description = "Read the K best entries of each position alone, where that saves bytes.")
  private @Nullable Integer entries;

  @Option(
      names = "--ahead-megabytes",
      paramLabel = "MB",
      description = "Memory for what is read ahead (default: 268; 0: read when asked for).")
  private @Nullable Long ahead;

  /** Returns the name of the loaded data in errors and summaries. */
  String name() {
    return dataset == null ? String.valueOf(mix) : dataset;
  }

  /** Opens the datasets: first the dataset or those of the mixture, then the joined ones. */
  List<Dataset> open(ReadContext context, Optional<Cursor> cursor) {
    if ((dataset == null) == (mix == null)) {
      throw new UsageException("need DATASET, or --mix NAME:WEIGHT,...");
    }
    if ((rank == null) != (ranks == null)) {
      throw new UsageException("--rank and --ranks need each other");
    }
    if (mix != null && version != null) {
      throw new UsageException("--dataset-version is of one DATASET; a mixture has several");
    }
    List<Dataset> opened = new ArrayList<>();
    try {
      if (dataset != null) {
        opened.add(open(dataset, context, cursor));
      } else {
        MixtureSpec.parse(name())
            .names()
            .forEach(name -> opened.add(Dataset.open(name, ReadOptions.DEFAULT.from(context))));
      }
      with.forEach(name -> opened.add(Dataset.open(name, ReadOptions.DEFAULT.from(context))));
      return opened;
    } catch (RuntimeException e) {
      opened.forEach(Dataset::close);
      throw e;
    }
  }

  /**
   * Opens a dataset, in the version of the cursor: what was appended since does not belong to its
   * epoch.
   */
  private Dataset open(String name, ReadContext context, Optional<Cursor> cursor) {
    if (version != null) {
      return Dataset.open(name, ReadOptions.DEFAULT.from(context).version(version));
    }
    return cursor
        .map(c -> Dataset.open(name, c.version(ReadOptions.DEFAULT.from(context))))
        .orElseGet(() -> Dataset.open(name, ReadOptions.DEFAULT.from(context)));
  }

  /** Returns a loader of the datasets that {@link #open} opened. */
  StudentLoader loader(List<Dataset> opened, Optional<Cursor> cursor) {
    StudentLoaderBuilder builder = builder(opened);
    if (seed != null) {
      builder.seed(seed);
    }
    if (epoch != null) {
      builder.epoch(epoch);
    }
    if (epochs != null) {
      builder.epochs(epochs);
    }
    if (batch != null) {
      builder.batch(batch);
    }
    if (shuffle != null) {
      builder.shuffle(shuffle);
    }
    if (rank != null && ranks != null) {
      builder.rank(rank, ranks);
    }
    if (stopAfter != null) {
      builder.stopAfter(stopAfter);
    }
    if (entries != null) {
      if (entries < 0) {
        throw UsageException.of("--entries %d: need 0 or more", entries);
      }
      builder.projection(new Projection(Projection.ALL.columns(), entries));
    }
    if (ahead != null) {
      builder.ahead(ahead > 1L << 40 ? -1 : ahead * MEGABYTE);
    }
    return cursor.map(builder::resume).orElseGet(builder::start);
  }

  /** Returns warnings about these ranks, to be shown before a student trains with them. */
  List<String> warnings(StudentLoader loader) {
    int sequences = loader.cursor().batch();
    if (ranks == null || sequences % ranks == 0) {
      return List.of();
    }
    if (sequences < ranks) {
      return List.of(
          Terminal.text(
              "steps of %,d sequences are fewer than %,d ranks: in each step some ranks have none, so"
                  + " a mean over a rank's positions is not a number there; divide sums by the"
                  + " positions of all ranks, or take a larger --batch",
              sequences, ranks));
    }
    return List.of(
        Terminal.text(
            "steps of %,d sequences do not divide by %,d ranks: they take turns with what is over;"
                + " divide sums by the positions of all ranks, or take a --batch that divides",
            sequences, ranks));
  }

  private StudentLoaderBuilder builder(List<Dataset> opened) {
    if (mix != null) {
      MixtureSpec spec = MixtureSpec.parse(mix);
      StudentLoaderBuilder builder =
          StudentLoader.mix(opened.subList(0, spec.names().size()), spec);
      opened.stream().skip(spec.names().size()).forEach(builder::with);
      return builder;
    }
    StudentLoaderBuilder builder = StudentLoader.open(opened.get(0));
    opened.stream().skip(1).forEach(builder::with);
    return builder;
  }
}
