package dev.stillhouse.tools.commands;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code load}: reads epochs as a student would. */
@Command(
    name = "load",
    description = "Reads epochs in shuffled batches; stops, resizes and resumes anywhere.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  stillhouse load my-dataset --seed 1 --batch 32",
      "  stillhouse load my-dataset --cursor cursor.json --stop-after 64",
      "  stillhouse load my-dataset --cursor cursor.json --arrow rest.arrow",
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
  @Mixin private Loading loading = new Loading();
  @Mixin private Reading reading = new Reading();

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description = "Go on where FILE says, if it exists; say there where the loader stopped.")
  private @Nullable Path cursorFile;

  @Option(
      names = "--arrow",
      paramLabel = "FILE",
      description = "Write the batches as Arrow IPC (those of --with as FILE.1, FILE.2 ...).")
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
      double firstBatchSeconds,
      double stallSeconds,
      Cursor cursor) {}

  @Override
  public Integer call() throws IOException {
    if (cursorFile != null) {
      CursorFile.checkWritable("--cursor", cursorFile);
    }
    if (arrow != null) {
      CursorFile.checkWritable("--arrow", arrow);
    }
    Optional<Cursor> cursor =
        cursorFile == null || !Files.exists(cursorFile)
            ? Optional.empty()
            : Optional.of(CursorFile.read(cursorFile));
    List<Dataset> opened = loading.open(reading.standpoint(), cursor);
    try (StudentLoader loader = loading.loader(opened, cursor)) {
      print(load(opened, loader), opened, loader);
    } finally {
      opened.forEach(Dataset::close);
    }
    return 0;
  }

  private Loaded load(List<Dataset> opened, StudentLoader loader) throws IOException {
    long start = System.nanoTime();
    int length = opened.get(0).manifest().sequenceLength();
    Meter meter = Meter.of(UUID.randomUUID().toString());
    long samples = 0;
    Cursor done = loader.cursor();
    boolean whole = false;
    try (ArrowFiles sink = ArrowFiles.create(arrow, opened);
        JobListener.Stage stage =
            new Progress(terminal).start("loading", "positions", loader.left() * length, meter)) {
      while (loader.hasNext() && !meter.stopping()) {
        long before = loader.left();
        LoadedBatch loaded = loader.next();
        sink.write(loaded);
        done = loader.cursor(); // Behind the write: what was not handed on is not consumed.
        samples += loaded.sequences().length;
        meter.add((before - loader.left()) * length);
      }
      whole = true;
    } finally {
      if (cursorFile != null) {
        CursorFile.write(cursorFile, done); // What fails in mid-epoch does not lose the place.
      } else if (!whole) {
        terminal.progress("nothing is lost: to go on, put this into a file for --cursor");
        terminal.progress("%s", done.toJson());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long positions = samples * length;
    return new Loaded(
        Math.max(0, done.samples() - 1) / Math.max(1, loader.epochSamples()),
        samples,
        positions,
        done.digest(),
        done.values(),
        seconds,
        positions / Math.max(seconds, 1e-9),
        loader.firstWait(),
        loader.stall(),
        done);
  }

  private void print(Loaded loaded, List<Dataset> opened, StudentLoader loader) {
    long epochSamples = Math.max(1, loader.epochSamples());
    long inEpoch = loaded.cursor().samples() - loaded.epoch() * epochSamples;
    terminal.say(
        "epoch %d: %,d sequences, %,d positions in %.1f s (%,.0f a second); %s",
        loaded.epoch(),
        loaded.samples(),
        loaded.positions(),
        loaded.seconds(),
        loaded.positionsPerSecond(),
        inEpoch == loader.epochSamples()
            ? "the epoch is complete"
            : "stopped at " + inEpoch + " of " + loader.epochSamples());
    terminal.say(
        "waited          %.3f s for the first batch, %.3f s for the others",
        loaded.firstBatchSeconds(), loaded.stallSeconds());
    terminal.say("digest          %s", loaded.digest());
    terminal.say("content digest  %s", loaded.contentDigest());
    if (cursorFile != null) {
      terminal.say("cursor          %s", cursorFile);
    }
    for (Dataset dataset : opened) {
      Closing.tell(terminal, loading.name(), dataset);
    }
    terminal.result(loaded, opened.get(0).ledger());
  }
}
