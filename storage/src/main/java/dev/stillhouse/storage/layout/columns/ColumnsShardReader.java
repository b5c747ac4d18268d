package dev.stillhouse.storage.layout.columns;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.BatchBuilder;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.layout.Wanted.Column;
import dev.stillhouse.storage.parquet.Columns;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowGroups;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.parquet.column.ColumnReader;

/** Reads generation 2: whole row groups, column by column. */
final class ColumnsShardReader implements ShardReader {
  private final Footer footer;
  private final ShardHeader header;

  ColumnsShardReader(Footer footer) {
    this.footer = footer;
    this.header = ShardHeader.of(footer);
  }

  @Override
  public ShardHeader header() {
    return header;
  }

  @Override
  public List<ByteRange> ranges(int from, int to, Wanted wanted) {
    return groups(wanted).ranges(from, to);
  }

  @Override
  public StatisticsBatch decode(int from, int to, Wanted wanted, List<ByteBuffer> bytes) {
    BatchBuilder batch = new BatchBuilder(footer.blob(), header, from, to - from, wanted);
    groups(wanted)
        .decode(
            from,
            to,
            bytes,
            (columns, skip, rows) -> {
              batch.readCommon(columns, skip, rows);
              if (wanted.has(Column.ENTRIES)) {
                entries(columns, skip, rows, wanted, batch);
              }
              batch.advance(rows);
            });
    return batch.build();
  }

  private void entries(Columns columns, int skip, int rows, Wanted wanted, BatchBuilder batch) {
    ColumnReader ids = columns.reader(ColumnsSchema.ID);
    columns.nested(
        ids,
        ColumnsSchema.IDS,
        skip,
        rows,
        header.sequenceLength(),
        wanted.mostEntries(),
        batch.offsets(),
        batch.row(),
        entry -> batch.id(entry, ids.getInteger()));
    ColumnReader logProbs = columns.reader(ColumnsSchema.LOG_PROB);
    columns.nested(
        logProbs,
        ColumnsSchema.LOG_PROBS,
        skip,
        rows,
        header.sequenceLength(),
        wanted.mostEntries(),
        batch.offsets(),
        batch.row(),
        entry -> batch.logProb(entry, logProbs.getFloat()));
  }

  private RowGroups groups(Wanted wanted) {
    var names = ImmutableSet.<String>builder();
    names.addAll(CommonColumns.TOKENS).addAll(CommonColumns.scalars(wanted));
    if (wanted.has(Column.ENTRIES)) {
      names.add(ColumnsSchema.IDS, ColumnsSchema.LOG_PROBS);
    }
    return new RowGroups(footer, names.build());
  }
}
