package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code load}: reads epochs as a student would. */
@Command(
    name = "load",
    description = "Reads epochs in shuffled batches; stops and resumes anywhere.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse load my-dataset --seed 1 --batch 32",
      "  stillhouse load my-dataset --cursor cursor.json --stop-after 64",
      "  stillhouse load my-dataset --cursor cursor.json --arrow rest.arrow",
      "  stillhouse load my-dataset --arrow - | python student.py",
      "  stillhouse load my-dataset --resume both.json --cursor rank-2.json --rank 2 --ranks 3",
      "  stillhouse load my-dataset --rank 0 --ranks 8 --epochs 3 --shuffle blocks:16",
      "  stillhouse load my-dataset --with its-other-teacher",
      "  stillhouse load --mix books:0.7,code:0.3 --epochs 2",
      "  stillhouse load s3://bucket/my-dataset --from nrt --cache /scratch/cache",
      "",
      "The digest proves which tokens were consumed and where, the content digest with",
      "which values: a run that was stopped and resumed, on however many ranks, has the",
      "digests of one that was not ('stillhouse cursor' adds the cursors of ranks up)."
    })
public final class LoadCommand implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();
  @Mixin private LoadOptions loading = new LoadOptions();
  @Mixin private ReaderOptions reading = new ReaderOptions();

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description =
          "Write to FILE where the loader stopped; without "
              + "--resume, go on from FILE if it exists.")
  private @Nullable Path cursorFile;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on where FILE says, which must exist and is only read.")
  private @Nullable Path resume;

  @Option(
      names = "--arrow",
      paramLabel = "FILE",
      description =
          "Write the batches as an Arrow IPC file (those of "
              + "--with as FILE.1, FILE.2 ...); - is standard "
              + "output, as an Arrow IPC stream.")
  private @Nullable Path arrow;

  /**
   * The result; its keys are promised to programs.
   *
   * @param epoch of the last sample
   * @param firstEpoch of the first sample
   * @param samples number of sequences of this rank
   * @param positions number of positions in these, without padding
   */
  record Loaded(
      long epoch,
      long firstEpoch,
      long samples,
      long positions,
      String digest,
      String contentDigest,
      double seconds,
      double positionsPerSecond,
      double firstBatchSeconds,
      double stallSeconds,
      Cursor cursor) {}

  @Override
  public Integer call() throws IOException {
    if (cursorFile != null) {
      WholeFile.check("--cursor", cursorFile);
    }
    if (arrow != null) {
      checkArrow(arrow);
    }
    Optional<Cursor> cursor = cursor();
    List<Dataset> opened = loading.open(reading.context(), cursor);
    try (StudentLoader loader = loading.loader(opened, cursor)) {
      loading.warnings(loader).forEach(warning -> terminal.progress("warning: %s", warning));
      print(load(opened, loader), opened, loader);
    } finally {
      opened.forEach(Dataset::close);
    }
    return 0;
  }

  private void checkArrow(Path file) {
    if (!file.equals(ArrowFile.STANDARD_OUTPUT)) {
      WholeFile.check("--arrow", file);
    } else if (terminal.json()) {
      throw new UsageException("--arrow - and --json both want standard output; leave one out");
    } else {
      terminal.resultToErrors();
    }
  }

  /**
   * Returns the cursor to resume at. A file that was named to be read must exist; a file to write
   * to may be new, which is reported.
   */
  private Optional<Cursor> cursor() throws IOException {
    if (resume != null) {
      return Optional.of(CursorFile.read("--resume", resume));
    }
    if (cursorFile == null) {
      return Optional.empty();
    }
    if (!Files.exists(cursorFile)) {
      terminal.progress("%s is new: the loader begins at the start", cursorFile);
      return Optional.empty();
    }
    return Optional.of(CursorFile.read("--cursor", cursorFile));
  }

  private Loaded load(List<Dataset> opened, StudentLoader loader) throws IOException {
    long start = System.nanoTime();
    Meter meter = new Meter();
    long samples = 0;
    long positions = 0;
    Cursor first = loader.cursor();
    Cursor done = first;
    boolean whole = false;
    try (ArrowFiles sink = ArrowFiles.create(arrow, opened);
        JobListener.Stage stage =
            new Progress(terminal).start("loading", "steps", loader.stepsLeft(), meter)) {
      try {
        while (loader.hasNext() && !meter.stopping()) {
          LoadedBatch loaded = loader.next();
          sink.write(loaded);
          done = loader.cursor(); // Behind the write: what was not handed on is not consumed.
          samples += loaded.sequences().length;
          positions += positions(loaded);
          meter.add(1);
        }
        sink.commit();
        whole = true;
      } finally {
        // A file of Arrow that failed is gone, and what it held is not consumed.
        keep(whole || arrow == null ? done : first, whole);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long inEpoch = Math.max(1, loader.epochSamples());
    return new Loaded(
        Math.max(0, done.samples() - 1) / inEpoch,
        first.samples() / inEpoch,
        samples,
        positions,
        done.digest(),
        done.values(),
        seconds,
        positions / Math.max(seconds, 1e-9),
        loader.firstWait(),
        loader.stallSeconds(),
        done);
  }

  private static long positions(LoadedBatch loaded) {
    long positions = 0;
    for (int row = 0; row < loaded.sequences().length; row++) {
      positions += loaded.row(0, row).tokens().positions();
    }
    return positions;
  }

  /** Writes the cursor, also if the epoch fails in the middle. */
  private void keep(Cursor cursor, boolean whole) throws IOException {
    if (cursorFile != null) {
      CursorFile.write(cursorFile, cursor);
    } else if (!whole) {
      terminal.progress("nothing is lost: to go on, put this into a file for --resume");
      terminal.progress("%s", cursor.toJson());
    }
  }

  private void print(Loaded loaded, List<Dataset> opened, StudentLoader loader) {
    long epochSamples = Math.max(1, loader.epochSamples());
    long inEpoch = loaded.cursor().samples() - loaded.epoch() * epochSamples;
    terminal.say(
        "%s: %,d sequences, %,d positions in %.1f s (%,.0f a second); %s",
        loaded.firstEpoch() >= loaded.epoch()
            ? "epoch " + loaded.epoch()
            : "epochs " + loaded.firstEpoch() + " to " + loaded.epoch(),
        loaded.samples(),
        loaded.positions(),
        loaded.seconds(),
        loaded.positionsPerSecond(),
        inEpoch == loader.epochSamples()
            ? "the epoch is complete"
            : "stopped at " + inEpoch + " of " + loader.epochSamples() + " sequences");
    terminal.say(
        "waited          %.3f s for the first batch, %.3f s for the others",
        loaded.firstBatchSeconds(), loaded.stallSeconds());
    terminal.say("digest          %s", loaded.digest());
    terminal.say("content digest  %s", loaded.contentDigest());
    if (cursorFile != null) {
      terminal.say("cursor          %s", cursorFile);
    }
    for (Dataset dataset : opened) {
      RunSummary.tell(terminal, loading.name(), dataset);
    }
    terminal.result(loaded, opened.get(0).ledger());
  }
}
