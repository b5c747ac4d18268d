package dev.stillhouse.storage.layout.rows;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.BatchBuilder;
import dev.stillhouse.storage.layout.CommonColumns;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.Projection.Column;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardReader;
import dev.stillhouse.storage.parquet.FetchedGroups;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.RowGroups;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads generation 1: whole row groups, entry by entry. */
final class RowsShardReader implements ShardReader {
  private final Footer footer;
  private final ShardHeader header;

  RowsShardReader(Footer footer) {
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
    fetched.decode((columns, skip, rows) -> batch.read(columns, skip, rows, RowsSchema::path));
    return batch.build();
  }

  private RowGroups groups(Projection projection) {
    var names = ImmutableSet.<String>builder();
    names.addAll(CommonColumns.names(header.spec(), projection));
    if (projection.has(Column.ENTRIES)) {
      names.add(RowsSchema.ENTRIES);
    }
    return new RowGroups(footer, names.build());
  }
}
