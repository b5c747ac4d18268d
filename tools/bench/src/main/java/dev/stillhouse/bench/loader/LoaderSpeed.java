package dev.stillhouse.bench.loader;

import dev.stillhouse.bench.Turns;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.StudentLoaderBuilder;
import dev.stillhouse.storage.replica.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how fast batches of one dataset come, compared with its layout's own sequential read.
 */
final class LoaderSpeed {
  private static final int BATCH = 8;
  private static final int FEW = 8;

  private final Path path;
  private final String layout;
  private final int rounds;

  LoaderSpeed(Path path, String layout, int rounds) {
    this.path = path;
    this.layout = layout;
    this.rounds = rounds;
  }

  Map<String, Object> measure() {
    try (Dataset dataset = Dataset.open(path.toString())) {
      List<Path> shards = new ArrayList<>();
      dataset.manifest().shards().forEach(shard -> shards.add(path.resolve(shard.key())));
      double positions =
          (double) dataset.manifest().sequences() * dataset.manifest().sequenceLength();
      Turns shuffled =
          Turns.of(rounds, () -> SequentialRead.of(shards), () -> load(dataset, "global", 0));
      Turns inOrder =
          Turns.of(rounds, () -> load(dataset, "none", 0), () -> load(dataset, "blocks:1", 0));
      Turns cores =
          Turns.of(
              rounds,
              () -> load(dataset, "global", StudentLoaderBuilder.AHEAD),
              () -> load(dataset, "global", 0));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", layout);
      row.put("sequentialPositionsPerSecond", positions / shuffled.first());
      row.put("shuffledPositionsPerSecond", positions / shuffled.second());
      row.put("shuffledOverSequential", 1 / shuffled.ratio());
      row.put("inOrderPositionsPerSecond", positions / inOrder.first());
      row.put("blocksPositionsPerSecond", positions / inOrder.second());
      row.put("allCoresPositionsPerSecond", positions / cores.first());
      row.put("allCoresOverOne", cores.ratio());
      row.put("fewEntriesBytesOverAll", (double) bytes(FEW) / bytes(Integer.MAX_VALUE));
      return row;
    }
  }

  private static void load(Dataset dataset, String shuffle, long ahead) {
    try (StudentLoader loader =
        StudentLoader.open(dataset).batch(BATCH).shuffle(shuffle).ahead(ahead).start()) {
      loader.forEachRemaining(batch -> {});
    }
  }

  /** Returns the bytes that an epoch with {@code entries} best entries reads. */
  private long bytes(int entries) {
    Ledger ledger = new Ledger();
    try (Dataset dataset = Dataset.open(path.toString(), ReadOptions.DEFAULT.bookedIn(ledger));
        StudentLoader loader =
            StudentLoader.open(dataset)
                .batch(BATCH)
                .projection(new Projection(Projection.ALL.columns(), entries))
                .start()) {
      loader.forEachRemaining(batch -> {});
    }
    return ledger.entries().stream().mapToLong(Ledger.Entry::bytes).sum();
  }
}
