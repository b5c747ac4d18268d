package dev.stillhouse.storage.layout.columns;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.BatchBuilder;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.EntryColumn;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.parquet.FetchedGroups;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowGroups;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;

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
  public List<ByteRange> ranges(int from, int to, Projection projection) {
    return groups(projection).ranges(from, to);
  }

  @Override
  public StatisticsBatch decode(int from, int to, Projection projection, List<ByteBuffer> bytes) {
    FetchedGroups fetched =
        groups(projection).fetched(from, to, bytes).expect("tokens", header.sequenceLength());
    BatchBuilder batch = new BatchBuilder(footer.blob(), header, from, to - from, projection);
    fetched.decode((columns, skip, rows) -> batch.read(columns, skip, rows, ColumnsSchema::path));
    return batch.build();
  }

  private RowGroups groups(Projection projection) {
    var names = ImmutableSet.<String>builder();
    names.addAll(CommonColumns.names(header.spec(), projection));
    for (EntryColumn column : EntryColumn.of(header.spec())) {
      if (column.readBy(projection)) {
        names.add(ColumnsSchema.name(column));
      }
    }
    return new RowGroups(footer, names.build());
  }
}
