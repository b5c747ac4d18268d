package dev.stillhouse.storage.layout.pages;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.parquet.PageFileWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.RowFingerprint;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes rows page by page. A layout adds its own columns of entries. */
public final class RowWriter implements Closeable {
  /** Positions of a row group, at least one row: what one random read may fetch in one request. */
  private static final int POSITIONS_PER_GROUP = 512;

  /** Max row groups of a file: each adds to the footer, which a reader holds in memory. */
  private static final int MAX_GROUPS = 1024;

  /** Writes the layout's own columns of a row. */
  public interface Own {
    /**
     * Writes the columns of a row.
     *
     * @param from first slot of the row
     * @param kept entries of each position
     */
    void write(ValueWriter values, StatisticsBatch batch, int from, int[] kept) throws IOException;
  }

  private final PageSchema schema;
  private final PageFileWriter file;
  private final ValueWriter values;
  private final Own own;

  /** Opens a new file. */
  public RowWriter(Path path, ShardHeader header, PageSchema schema, Own own) throws IOException {
    this.schema = schema;
    this.own = own;
    int byPositions = (POSITIONS_PER_GROUP - 1) / Math.max(1, header.sequenceLength()) + 1;
    int byGroups = (header.sequences() - 1) / MAX_GROUPS + 1;
    this.file = new PageFileWriter(path, schema.type(), Math.max(byPositions, byGroups));
    this.values = new ValueWriter(file);
  }

  /** Writes a row of a batch. */
  public void write(StatisticsBatch batch, int row) throws IOException {
    TokenBatch tokens = batch.tokens();
    int length = tokens.length();
    int from = row * length;
    file.number(PageSchema.NUMBER, tokens.firstSequence() + row);
    file.page(PageSchema.FINGERPRINT, tokens.fingerprint(row), RowFingerprint.BYTES);
    values.below(schema.tokenBytes(), "token", tokens.tokens(), from, length);
    values.ints(PageSchema.TOKENS, schema.tokenBytes(), tokens.tokens(), from, length);
    int[] segments = new int[length];
    for (int i = 0; i < length; i++) {
      segments[i] = tokens.segments()[from + i] - TokenBatch.PADDING;
    }
    values.sizedInts(PageSchema.SEGMENTS, segments, 0, length);
    for (int i = 0; i < schema.scalars().size(); i++) {
      float[] scalar = schema.scalars().get(i).values().apply(batch);
      values.floats(PageSchema.SCALARS + i, scalar, from, length);
    }
    int[] kept = kept(batch, from);
    own.write(values, batch, from, kept);
    provenance(batch, batch.offsets()[from], batch.offsets()[from + length]);
    file.endRow();
  }

  /**
   * Returns one number if all positions but padding have the same number of entries, else a number
   * for each.
   */
  private int[] kept(StatisticsBatch batch, int from) throws IOException {
    int[] kept = new int[batch.tokens().length()];
    int all = batch.offsets()[from + kept.length] - batch.offsets()[from];
    if (all > EntryCounts.MAX_ENTRIES) {
      throw DataException.of(
          "%d entries of one sequence; it may have %d, so choose shorter sequences",
          all, EntryCounts.MAX_ENTRIES);
    }
    int max = 0;
    for (int i = 0; i < kept.length; i++) {
      kept[i] = batch.offsets()[from + i + 1] - batch.offsets()[from + i];
      max = Math.max(max, kept[i]);
    }
    boolean constant = true;
    for (int i = 0; i < kept.length; i++) {
      constant &= kept[i] == (batch.tokens().padding(from + i) ? 0 : max);
    }
    if (constant) {
      byte[] out = values.room(EntryCounts.CONSTANT_BYTES);
      out[ValueWriter.start()] = EntryCounts.CONSTANT;
      PlaneBytes.int32(out, ValueWriter.start() + 1, max);
      values.write(schema.kept(), EntryCounts.CONSTANT_BYTES);
    } else {
      values.sizedInts(schema.kept(), kept, 0, kept.length);
    }
    return kept;
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

  /** Completes the file. */
  public SealedFile finish(Map<String, String> metadata) throws IOException {
    return file.finish(metadata);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
