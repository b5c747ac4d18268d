package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.layout.ShardWriteCheck;
import dev.stillhouse.storage.layout.ShardWriter;
import dev.stillhouse.storage.layout.pages.RowWriter;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;

/** Writes generation 3: each plane of each row as a page. */
final class PlanesShardWriter implements ShardWriter {
  private final ShardHeader header;
  private final ShardWriteCheck promise;
  private final RowWriter rows;

  PlanesShardWriter(Path path, ShardHeader header) throws IOException {
    this.header = header;
    this.promise = new ShardWriteCheck(header);
    PlanesSchema schema = new PlanesSchema(header);
    this.rows = new RowWriter(path, header, schema.pages(), new EntryPlanes(schema));
  }

  @Override
  public void write(StatisticsBatch batch) throws IOException {
    promise.accept(batch);
    for (int row = 0; row < batch.tokens().sequences(); row++) {
      rows.write(batch, row);
    }
  }

  @Override
  public SealedFile finish() throws IOException {
    promise.finish();
    return rows.finish(header.toMetadata());
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
