package dev.stillhouse.tools.commands;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.region.Standpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load}: reads an epoch as a student would. */
@Command(
    name = "load",
    description = "Reads an epoch in shuffled batches; stops and resumes anywhere.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse load my-dataset --seed 1 --batch 32",
      "  stillhouse load my-dataset --cursor cursor.json --stop-after 64",
      "  stillhouse load my-dataset --cursor cursor.json --arrow rest.arrow",
      "  stillhouse load s3://bucket/my-dataset --from nrt --home iad --cache /scratch/cache",
      "",
      "The digest proves which tokens were consumed, the content digest with which values:",
      "an epoch that was stopped and resumed has the digests of one that was not."
    })
public final class LoadCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private Reading reading = new Reading();

  @Parameters(index = "0", paramLabel = "DATASET", description = "Path or s3://bucket/prefix.")
  private String dataset = "";

  @Option(
      names = "--dataset-version",
      paramLabel = "N",
      description = "An older version (default: the cursor's, or the newest).")
  private @Nullable Long version;

  @Option(names = "--seed", defaultValue = "0", description = "Seed of the order.")
  private long seed;

  @Option(names = "--epoch", defaultValue = "0", description = "Number of the epoch, from 0.")
  private long epoch;

  @Option(
      names = "--batch",
      defaultValue = "32",
      description = "Sequences of a batch (default: ${DEFAULT-VALUE}).")
  private int batch = 32;

  @Option(
      names = "--stop-after",
      paramLabel = "N",
      description = "Stop when N more sequences are read.")
  private @Nullable Long stopAfter;

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description = "Go on where FILE says, if it exists; say there where the loader stopped.")
  private @Nullable Path cursorFile;

  @Option(names = "--arrow", paramLabel = "FILE", description = "Write the batches as Arrow IPC.")
  private @Nullable Path arrow;

  /** What is told; the keys are promised to programs. */
  record Loaded(
      long epoch,
      long samples,
      long positions,
      String digest,
      String contentDigest,
      double seconds,
      double positionsPerSecond,
      Cursor cursor) {}

  @Override
  public Integer call() throws IOException {
    if (seed < 0 || epoch < 0 || (stopAfter != null && stopAfter < 0)) {
      throw new UsageException("--seed, --epoch and --stop-after must not be negative");
    }
    checkWritable("--cursor", cursorFile);
    checkWritable("--arrow", arrow);
    Optional<Cursor> cursor = cursor();
    try (Dataset opened = open(cursor)) {
      StudentLoader.Builder builder = StudentLoader.of(opened).seed(seed).epoch(epoch).batch(batch);
      StudentLoader loader = cursor.map(builder::resume).orElseGet(builder::start);
      Loaded loaded = load(opened, loader);
      print(loaded, opened);
    }
    return 0;
  }

  /** Asked before an epoch is read, not behind it. */
  private static void checkWritable(String option, @Nullable Path file) {
    if (file != null) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent == null || !Files.isWritable(parent) || Files.isDirectory(file)) {
        throw DataException.of(
            "%s %s cannot be written: need a file in a directory that is there", option, file);
      }
    }
  }

  private Optional<Cursor> cursor() throws IOException {
    if (cursorFile == null || !Files.exists(cursorFile)) {
      return Optional.empty();
    }
    if (Files.size(cursorFile) > 4096) {
      throw DataException.of("%s: larger than any cursor; is this the right file?", cursorFile);
    }
    return Optional.of(Cursor.parse(Files.readString(cursorFile), cursorFile.toString()));
  }

  /** What was appended since a cursor was taken is not for its epoch. */
  private Dataset open(Optional<Cursor> cursor) throws IOException {
    Standpoint standpoint = reading.standpoint();
    if (version != null) {
      return Dataset.open(dataset, standpoint, version);
    }
    return cursor
        .map(c -> Dataset.open(dataset, standpoint, c::belongsTo))
        .orElseGet(() -> Dataset.open(dataset, standpoint));
  }

  private Loaded load(Dataset opened, StudentLoader loader) throws IOException {
    long start = System.nanoTime();
    long first = loader.cursor().next();
    long total = opened.manifest().sequences() - first;
    long end = stopAfter == null ? total : Math.min(total, stopAfter);
    int length = opened.manifest().sequenceLength();
    Meter meter = Meter.of(UUID.randomUUID().toString());
    long samples = 0;
    Cursor done = loader.cursor();
    try (ArrowFile sink = arrow == null ? null : ArrowFile.create(arrow, opened.statistic());
        JobListener.Stage stage =
            new Progress(terminal).start("loading", "positions", end * length, meter)) {
      while (samples < end && !meter.stopping()) {
        LoadedBatch loaded = loader.next((int) Math.min(batch, end - samples));
        if (sink != null) {
          sink.write(loaded);
        }
        done = loader.cursor(); // Behind the write: what was not handed on is not consumed.
        samples += loaded.sequences().length;
        meter.add((long) loaded.sequences().length * length);
      }
    } finally {
      save(done); // A shard that fails in mid-epoch does not lose the place.
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Cursor cursor = loader.cursor();
    long positions = samples * length;
    return new Loaded(
        cursor.epoch(),
        samples,
        positions,
        cursor.digest(),
        cursor.content(),
        seconds,
        positions / Math.max(seconds, 1e-9),
        cursor);
  }

  /** Whole or not at all: a cursor that was cut short would lose the place. */
  private void save(Cursor cursor) throws IOException {
    if (cursorFile != null) {
      Path whole = cursorFile.toAbsolutePath();
      Path part = whole.resolveSibling(whole.getFileName() + ".part");
      Files.writeString(part, cursor.toJson() + "\n");
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void print(Loaded loaded, Dataset opened) {
    terminal.say(
        "epoch %d: %,d sequences, %,d positions in %.1f s (%,.0f a second); %s",
        loaded.epoch(),
        loaded.samples(),
        loaded.positions(),
        loaded.seconds(),
        loaded.positionsPerSecond(),
        loaded.cursor().next() == opened.manifest().sequences()
            ? "the epoch is complete"
            : "stopped at " + loaded.cursor().next() + " of " + opened.manifest().sequences());
    terminal.say("digest          %s", loaded.digest());
    terminal.say("content digest  %s", loaded.contentDigest());
    if (cursorFile != null) {
      terminal.say("cursor          %s", cursorFile);
    }
    Closing.tell(terminal, dataset, opened);
    terminal.result(loaded, opened.ledger());
  }
}
