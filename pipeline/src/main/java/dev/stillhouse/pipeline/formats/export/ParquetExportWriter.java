package dev.stillhouse.pipeline.formats.export;

import dev.stillhouse.storage.parquet.RowFileWriter;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;

/** Writes a Parquet row for each row. */
final class ParquetExportWriter implements ExportWriter {
  private final RowFileWriter<StatisticsBatch> rows;

  ParquetExportWriter(RowFileWriter<StatisticsBatch> rows) {
    this.rows = rows;
  }

  @Override
  public int write(StatisticsBatch batch, int row) throws IOException {
    rows.write(batch, row);
    return 1;
  }

  @Override
  public void finish() throws IOException {
    var unused = rows.finish();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
