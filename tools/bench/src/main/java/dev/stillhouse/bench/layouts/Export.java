package dev.stillhouse.bench.layouts;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.cli.output.WholeFile;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code bench layouts --export}: writes the arrays of a run for Python.
 *
 * <pre>
 *   tokens, segments               int32 [S][T], the first {@value #POSITIONS} positions, in whole
 *                                  sequences of the first shard
 *   offsets                        int32 [S x T + 1], where each position's entries start
 *   ids, log_probs                 int32, float32 [entries], as the dataset has them
 *   log_tail, entropy, log_normaliser, target_log_prob
 *                                  float32 [S][T], NaN where there is none
 *   NAME/ids, NAME/log_probs       the same as the store NAME gives them back
 *   NAME/log_tail                  NaN where it keeps none
 *   figures/name                   text [stores]
 *   figures/KEY                    float64 [stores], the figures of --json; NaN where there is none
 * </pre>
 */
final class Export {
  static final int POSITIONS = 4096;

  private final Dataset dataset;
  private final Measured measured;
  private final List<Store> stores;

  Export(Dataset dataset, Measured measured, List<Store> stores) {
    this.dataset = dataset;
    this.measured = measured;
    this.stores = stores;
  }

  void write(Path file) throws IOException {
    try (WholeFile whole = WholeFile.begin(file)) {
      arrays(whole.part());
      whole.commit();
    }
  }

  private void arrays(Path file) throws IOException {
    try (NpzFile npz = new NpzFile(file)) {
      Manifest manifest = dataset.manifest();
      long max = Math.min(measured.sample().sequences(), manifest.shards().get(0).sequences());
      int length = manifest.sequenceLength();
      int sequences = (int) Math.min(max, (POSITIONS + length - 1) / length);
      StatisticsBatch batch = dataset.read(0, sequences, Projection.ALL);
      reference(npz, batch, sequences, length);
      decoded(npz, batch, Measurement.header(manifest, batch));
      figures(npz);
    }
  }

  private static void reference(NpzFile npz, StatisticsBatch batch, int sequences, int length)
      throws IOException {
    npz.add("tokens", batch.tokens().tokens(), sequences, length);
    npz.add("segments", batch.tokens().segments(), sequences, length);
    npz.add("offsets", batch.offsets(), batch.offsets().length);
    entries(npz, "", batch);
    npz.add("log_tail", batch.logTail(), sequences, length);
    npz.add("entropy", batch.entropy(), sequences, length);
    npz.add("log_normaliser", batch.logNormaliser(), sequences, length);
    npz.add("target_log_prob", batch.targetLogProb(), sequences, length);
  }

  private static void entries(NpzFile npz, String prefix, StatisticsBatch batch)
      throws IOException {
    int n = batch.entries();
    npz.add(prefix + "ids", Arrays.copyOf(batch.ids(), n), n);
    npz.add(prefix + "log_probs", Arrays.copyOf(batch.logProbs(), n), n);
  }

  private void decoded(NpzFile npz, StatisticsBatch batch, ShardHeader header) throws IOException {
    Path directory = Files.createTempDirectory("stillhouse-bench-export");
    try {
      for (Store store : stores) {
        if (measured.figure(store.name(), "bytesPerPosition").isEmpty()) {
          continue; // It could not hold these statistics.
        }
        Path shard = directory.resolve("shard");
        store.write(shard, header, batch);
        Store.OpenedFile kept = store.open(header, Files.readAllBytes(shard));
        Files.delete(shard);
        List<StatisticsBatch> rows = new ArrayList<>();
        for (int row = 0; row < header.sequences(); row++) {
          rows.add(kept.sequence(row));
        }
        append(npz, store.name() + "/", rows, header.sequenceLength());
      }
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void append(NpzFile npz, String prefix, List<StatisticsBatch> rows, int length)
      throws IOException {
    int n = rows.stream().mapToInt(StatisticsBatch::entries).sum();
    int[] ids = new int[n];
    float[] logProbs = new float[n];
    float[] logTail = new float[rows.size() * length];
    int at = 0;
    for (int row = 0; row < rows.size(); row++) {
      StatisticsBatch batch = rows.get(row);
      System.arraycopy(batch.ids(), 0, ids, at, batch.entries());
      System.arraycopy(batch.logProbs(), 0, logProbs, at, batch.entries());
      System.arraycopy(batch.logTail(), 0, logTail, row * length, length);
      at += batch.entries();
    }
    npz.add(prefix + "ids", ids, n);
    npz.add(prefix + "log_probs", logProbs, n);
    npz.add(prefix + "log_tail", logTail, rows.size(), length);
  }

  private void figures(NpzFile npz) throws IOException {
    List<Map<String, Object>> rows = measured.rows();
    npz.add("figures/name", rows.stream().map(Findings::name).toList());
    Set<String> keys = new LinkedHashSet<>();
    for (Map<String, Object> row : rows) {
      row.forEach(
          (key, value) -> {
            if (value instanceof Number) {
              keys.add(key);
            }
          });
    }
    for (String key : keys) {
      double[] values = rows.stream().mapToDouble(row -> Measured.number(row, key)).toArray();
      npz.add("figures/" + key, values, values.length);
    }
  }
}
