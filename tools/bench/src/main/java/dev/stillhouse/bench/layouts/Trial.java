package dev.stillhouse.bench.layouts;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.bench.layouts.Store.OpenedFile;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;

/** Measures all stores on one shard's statistics, in turns. */
final class Trial {
  private static final int BATCH = 8;
  private static final int BEST = 8;

  /** Random batches over which the mean is taken. */
  private static final int BATCHES = 32;

  private final Path directory;
  private final ShardHeader header;
  private final StatisticsBatch source;
  private final List<StoreFigures> stores = new ArrayList<>();
  private final List<OpenedFile> opened = new ArrayList<>();
  private final Map<StoreFigures, Path> shards = new LinkedHashMap<>();
  private int files;

  /**
   * Creates a trial.
   *
   * @param directory for temporary files
   * @param header of all of {@code source}
   */
  Trial(Path directory, ShardHeader header, StatisticsBatch source) {
    this.directory = directory;
    this.header = header;
    this.source = source;
  }

  /**
   * Adds a shard to the figures.
   *
   * @param seconds that each measurement of a store goes on
   */
  void run(List<StoreFigures> all, double seconds) throws IOException {
    for (StoreFigures figures : all) {
      if (figures.refusal().isEmpty()) {
        open(figures);
      }
    }
    probeTheHeap();
    Random random = new Random(header.firstSequence() + 1);
    for (int i = 0; i < stores.size(); i++) {
      read(stores.get(i), opened.get(i), new Random(header.firstSequence() + 1));
    }
    Variants variants = new Variants(next(), header, source);
    for (int i = 0; i < stores.size(); i++) {
      variants.tell(stores.get(i), opened.get(i).parts());
    }
    int drawn = Math.min(BATCH, header.sequences());
    int[] rows = draw(random);
    double[] write = Rounds.medians(tasks(i -> write(stores.get(i).store())), seconds);
    double[] read = Rounds.medians(tasks(this::scan), seconds);
    double[] sequences = Rounds.medians(tasks(i -> sequences(opened.get(i), rows)), seconds);
    for (int i = 0; i < stores.size(); i++) {
      stores.get(i).seconds(write[i], read[i], drawn, sequences[i]);
    }
  }

  private void open(StoreFigures figures) throws IOException {
    Path file = next();
    try {
      figures.store().write(file, header, source);
    } catch (DataException | UsageException e) {
      figures.refuse(String.valueOf(e.getMessage())); // A layout may not hold every statistic.
      return;
    }
    OpenedFile kept = figures.store().open(header, Files.readAllBytes(file));
    stores.add(figures);
    opened.add(kept);
    if (figures.store().layout() && header.firstSequence() == 0) {
      shards.put(figures, file);
    } else {
      Files.delete(file);
    }
  }

  /** Measures the heap that layouts take, on the first shard only: one start of a JVM is enough. */
  private void probeTheHeap() throws IOException {
    if (!shards.isEmpty()) {
      List<Double> megabytes = HeapProbe.megabytes(List.copyOf(shards.values()));
      int i = 0;
      for (Map.Entry<StoreFigures, Path> shard : shards.entrySet()) {
        shard.getKey().heap(megabytes.get(i++));
        Files.delete(shard.getValue());
      }
    }
  }

  private Path next() {
    return directory.resolve("shard-" + files++);
  }

  private void read(StoreFigures figures, OpenedFile kept, Random random) {
    figures.size(source.tokens().positions(), source.entries(), kept.parts());
    kept.scan(
        batch ->
            figures.fidelity.accept(
                source,
                Math.toIntExact(batch.tokens().firstSequence() - header.firstSequence())
                    * header.sequenceLength(),
                batch,
                figures.store().name()));
    int rows = header.sequences();
    Ranges all = Ranges.of(kept.ranges(0, rows, Projection.ALL));
    Projection best = new Projection(Projection.ALL.columns(), BEST);
    figures.fetches.shard(all, Ranges.of(kept.ranges(0, rows, best)), kept.footerBytes());
    for (int row = 0; row < rows; row++) {
      Ranges one = Ranges.of(kept.ranges(row, row + 1, Projection.ALL));
      figures.fetches.sequence(one, (double) all.bytes() / rows);
    }
    for (int i = 0; i < BATCHES; i++) {
      List<ByteRange> ranges = new ArrayList<>();
      for (int row : draw(random)) {
        ranges.addAll(kept.ranges(row, row + 1, Projection.ALL));
      }
      figures.fetches.batch(Ranges.of(ranges));
    }
  }

  /** Returns the rows of a random batch, all different. */
  private int[] draw(Random random) {
    return random
        .ints(0, header.sequences())
        .distinct()
        .limit(Math.min(BATCH, header.sequences()))
        .toArray();
  }

  private List<Runnable> tasks(IntConsumer task) {
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      int store = i;
      tasks.add(() -> task.accept(store));
    }
    return tasks;
  }

  private void write(Store store) {
    Path file = next();
    try {
      store.write(file, header, source);
      Files.delete(file);
    } catch (IOException e) {
      throw new DataException("cannot write a temporary file: " + e, e);
    }
  }

  /** Decodes all rows and counts the batches, so that no compiler removes the work. */
  private void scan(int store) {
    long[] entries = new long[1];
    opened.get(store).scan(batch -> entries[0] += batch.entries());
    checkState(entries[0] == source.entries(), "scan: %s entries", entries[0]);
  }

  private static void sequences(OpenedFile kept, int[] rows) {
    for (int row : rows) {
      int came = kept.sequence(row).tokens().sequences();
      checkState(came == 1, "sequence %s: %s came", row, came);
    }
  }
}
