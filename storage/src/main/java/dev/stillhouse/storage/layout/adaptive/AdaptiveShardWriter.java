package dev.stillhouse.storage.layout.adaptive;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriteCheck;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.layout.pages.RowWriter;
import dev.stillhouse.storage.layout.pages.ValueWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes generation 4. Batches are held until there are enough to fit the shard's prior to; later
 * ones are written at once.
 */
final class AdaptiveShardWriter implements ShardWriter {
  /** Entries that a prior is fitted to: 32 MiB of ids and log-probs in memory. */
  private static final int FITTED_ENTRIES = 1 << 22;

  private final ShardHeader header;
  private final LogProbQuantizer steps;
  private final ShardWriteCheck promise;
  private final AdaptiveSchema schema;
  private final RowWriter rows;
  private final List<StatisticsBatch> waiting = new ArrayList<>();
  private long entries;
  private @Nullable Prior prior;
  private @Nullable BandWriter bands;

  AdaptiveShardWriter(Path path, ShardHeader header, LogProbQuantizer steps) throws IOException {
    this.header = header;
    this.steps = steps;
    this.promise = new ShardWriteCheck(header);
    this.schema = new AdaptiveSchema(header);
    this.rows = new RowWriter(path, header, schema.pages(), this::entries);
  }

  @Override
  public void write(StatisticsBatch batch) throws IOException {
    promise.accept(batch);
    if (bands != null) {
      rows(batch);
      return;
    }
    waiting.add(batch);
    entries += batch.entries();
    if (entries >= FITTED_ENTRIES) {
      fit();
    }
  }

  /** Fits the prior, once, and writes the batches that were held for it. */
  private Prior fit() throws IOException {
    Prior fitted = prior;
    if (fitted == null) {
      fitted = new PriorFit(header.vocabulary(), waiting, FITTED_ENTRIES).fit();
      prior = fitted;
      bands = new BandWriter(fitted, steps);
      for (StatisticsBatch batch : waiting) {
        rows(batch);
      }
      waiting.clear();
    }
    return fitted;
  }

  private void rows(StatisticsBatch batch) throws IOException {
    for (int row = 0; row < batch.tokens().sequences(); row++) {
      rows.write(batch, row);
    }
  }

  private void entries(ValueWriter values, StatisticsBatch batch, int from, int[] kept)
      throws IOException {
    int[] last = new int[kept.length];
    for (Band band : schema.bands()) {
      byte[] value = bands().write(batch, from, kept, band, last);
      values.bytes(band.column(), value, 0, value.length);
    }
  }

  private BandWriter bands() {
    BandWriter fitted = bands;
    if (fitted == null) {
      throw new IllegalStateException("rows are written when the prior is fitted");
    }
    return fitted;
  }

  @Override
  public SealedFile finish() throws IOException {
    promise.finish();
    Prior fitted = fit();
    return rows.finish(
        ImmutableMap.<String, String>builder()
            .putAll(header.toMetadata())
            .put(AdaptiveSchema.PRIOR, PriorBytes.write(fitted))
            .buildOrThrow());
  }

  @Override
  public void close() throws IOException {
    if (bands != null) {
      bands.close();
    }
    rows.close();
  }
}
