package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.HeaderPromise;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.parquet.PageFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;

/** Writes generation 3: each plane of each row as a page. */
final class PlanesShardWriter implements ShardWriter {
  /** A row group has as many, at least one row: what one random read may fetch in one request. */
  private static final int POSITIONS_PER_GROUP = 512;

  /** Row groups of a file: each costs footer, which a reader holds. */
  private static final int MOST_GROUPS = 1024;

  private final PlanesSchema schema;
  private final HeaderPromise promise;
  private final PageFileWriter file;
  private final ValueWriter values;
  private final EntryPlanes entries;

  PlanesShardWriter(Path path, ShardHeader header) throws IOException {
    this.schema = new PlanesSchema(header);
    this.promise = new HeaderPromise(header);
    int byPositions = (POSITIONS_PER_GROUP - 1) / Math.max(1, header.sequenceLength()) + 1;
    int byGroups = (header.sequences() - 1) / MOST_GROUPS + 1;
    this.file =
        new PageFileWriter(
            path, schema.type(), header.toMetadata(), Math.max(byPositions, byGroups));
    this.values = new ValueWriter(file);
    this.entries = new EntryPlanes(schema, values);
  }

  @Override
  public void write(StatisticsBatch batch) throws IOException {
    promise.accept(batch);
    for (int row = 0; row < batch.tokens().sequences(); row++) {
      write(batch, row);
    }
  }

  private void write(StatisticsBatch batch, int row) throws IOException {
    TokenBatch tokens = batch.tokens();
    int length = tokens.length();
    int from = row * length;
    file.number(PlanesSchema.NUMBER, tokens.firstSequence() + row);
    file.page(PlanesSchema.FINGERPRINT, tokens.fingerprint(row), RowFingerprint.BYTES);
    values.below(schema.tokenBytes(), "token", tokens.tokens(), from, length);
    values.ints(PlanesSchema.TOKENS, schema.tokenBytes(), tokens.tokens(), from, length);
    int[] segments = new int[length];
    for (int i = 0; i < length; i++) {
      segments[i] = tokens.segments()[from + i] - TokenBatch.PADDING;
    }
    values.sizedInts(PlanesSchema.SEGMENTS, segments, 0, length);
    for (int i = 0; i < schema.scalars().size(); i++) {
      float[] scalar = schema.scalars().get(i).values().apply(batch);
      values.floats(PlanesSchema.SCALARS + i, scalar, from, length);
    }
    entries.write(batch, from);
    provenance(batch, batch.offsets()[from], batch.offsets()[from + length]);
    file.endRow();
  }

  private void provenance(StatisticsBatch batch, int from, int to) throws IOException {
    int reasons = schema.provenance(EntryColumn.REASONS);
    if (reasons >= 0) {
      values.bytes(reasons, batch.provenance().reasons(), from, to - from);
    }
    int counts = schema.provenance(EntryColumn.COUNT);
    if (counts >= 0) {
      values.sizedInts(counts, batch.provenance().counts(), from, to - from);
    }
    int logProposals = schema.provenance(EntryColumn.LOG_PROPOSAL);
    if (logProposals >= 0) {
      values.floats(logProposals, batch.provenance().logProposals(), from, to - from);
    }
  }

  @Override
  public SealedFile finish() throws IOException {
    promise.finish();
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
