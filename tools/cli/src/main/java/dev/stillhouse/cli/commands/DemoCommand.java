package dev.stillhouse.cli.commands;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.job.migrate.MigrateJob;
import dev.stillhouse.pipeline.job.migrate.MigrateRequest;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.StudentLoaderBuilder;
import dev.stillhouse.storage.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: runs all steps on real text, with nothing to download. */
@Command(
    name = "demo",
    description = "From Moby-Dick to a student's batches, in under a minute.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  stillhouse demo", "  stillhouse demo --teacher ngram --out kept-for-later"})
public final class DemoCommand implements Callable<Integer> {
  static final long SEED = 1;
  private static final long[][] POSITIONS = {{0, 300}, {20, 17}, {40, 201}};
  private static final String FIRST_LAYOUT = "columns";
  private static final int SHARD_SEQUENCES = 16;

  @Mixin private Terminal terminal = new Terminal();

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      description = "Keep the demo's datasets here (default: a temporary directory).")
  private @Nullable Path out;

  @Option(
      names = "--teacher",
      completionCandidates = Candidates.OfTeachers.class,
      paramLabel = "NAME",
      description =
          "minigpt, a transformer trained on other parts of the book, or ngram, fitted to what it"
              + " reads (default: ${DEFAULT-VALUE}).",
      defaultValue = "minigpt")
  private String teacher = "";

  private final long start = System.nanoTime();

  /** The result of one dataset. */
  record Result(
      Summary dataset,
      double bytesPerPosition,
      boolean verified,
      String digest,
      String contentDigest,
      boolean resumedWithEqualDigests) {}

  @Override
  public Integer call() throws IOException {
    Path directory = out == null ? Files.createTempDirectory("stillhouse-demo") : out;
    Files.createDirectories(directory);
    step(
        "Extract: %s reads the part of Moby-Dick that minigpt was not trained on,"
            + " top-64 of 50,257 at every position -> %s",
        teacher, FIRST_LAYOUT);
    Path columns = directory.resolve(FIRST_LAYOUT);
    Manifest extracted =
        DemoDataset.extract(terminal, directory, teacher, SHARD_SEQUENCES, FIRST_LAYOUT, columns);
    step("What the teacher said");
    try (Dataset dataset = Dataset.open(columns.toString())) {
      for (long[] at : POSITIONS) {
        PositionView.of(dataset, at[0], (int) at[1]).print(terminal, 5);
        terminal.say("");
      }
    }
    List<Result> told = new ArrayList<>();
    told.add(check(columns, extracted));
    for (String layout : Sets.difference(Layouts.names(), ImmutableSet.of(FIRST_LAYOUT))) {
      step("Migrate -> %s", layout);
      Path path = directory.resolve(layout);
      told.add(check(path, migrate(columns, layout, path)));
    }
    step("A second region: columns-copy");
    new DemoRegions(terminal, columns)
        .run(extracted, told.get(0).digest() + " " + told.get(0).contentDigest());
    step("Bytes per position");
    told.sort(Comparator.comparingDouble(Result::bytesPerPosition).reversed());
    for (Result one : told) {
      terminal.say("  %-8s %7.1f", one.dataset().layout(), one.bytesPerPosition());
    }
    terminal.say("%nDone in %.0f s. Look on with:", seconds());
    terminal.say("  ./stillhouse inspect %s --sequence 7 --position 42", columns);
    terminal.say("  ./stillhouse load %s --seed 1", columns);
    terminal.result(told);
    return 0;
  }

  private Manifest migrate(Path from, String layout, Path to) {
    MigrateJob.Migrated migrated =
        MigrateJob.run(
            new MigrateRequest(
                from.toString(), OptionalLong.empty(), layout, to.toString(), List.of()),
            new Progress(terminal));
    terminal.say("  log-probs differ by at most %.4f nats", migrated.origin().largestError());
    return migrated.manifest();
  }

  /** Verifies a dataset, loads an epoch whole, then again with a stop in the middle. */
  private Result check(Path path, Manifest manifest) {
    step("Verify, load, stop and resume: %s", path.getFileName());
    try (Dataset dataset = Dataset.open(path.toString())) {
      List<Damage> damages =
          new DatasetVerifier(dataset)
              .parts().stream().flatMap(part -> part.verify().stream()).toList();
      if (!damages.isEmpty()) {
        throw new DataException("the demo's dataset is damaged: " + damages);
      }
      terminal.say("  verified: every byte and every position");
      Cursor whole = load(dataset);
      Cursor half = load(dataset, Optional.empty(), manifest.sequences() / 2);
      Cursor resumed = load(dataset, Optional.of(half), Long.MAX_VALUE);
      terminal.say("  one epoch, whole:             %s %s", whole.digest(), whole.values());
      terminal.say(
          "  stopped at %3d, cursor taken: %s %s", half.samples(), half.digest(), half.values());
      terminal.say("  resumed to the end:           %s %s", resumed.digest(), resumed.values());
      if (!whole.equals(resumed)) {
        throw new DataException("a resumed epoch has other digests than a whole one");
      }
      Summary summary = Summary.of(path.toString(), manifest, seconds());
      return new Result(
          summary,
          (double) summary.bytes() / summary.positions(),
          true,
          whole.digest(),
          whole.values(),
          true);
    }
  }

  /** Reads a whole epoch. */
  static Cursor load(Dataset dataset) {
    return load(dataset, Optional.empty(), Long.MAX_VALUE);
  }

  private static Cursor load(Dataset dataset, Optional<Cursor> from, long sequences) {
    StudentLoaderBuilder builder = StudentLoader.open(dataset).stopAfter(sequences);
    try (StudentLoader loader =
        from.map(builder::resume).orElseGet(() -> builder.seed(SEED).batch(16).start())) {
      loader.forEachRemaining(batch -> {});
      return loader.cursor();
    }
  }

  @FormatMethod
  private void step(@FormatString String what, Object... values) {
    terminal.say("%n== %s  (%.0f s)", String.format(what, values), seconds());
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
