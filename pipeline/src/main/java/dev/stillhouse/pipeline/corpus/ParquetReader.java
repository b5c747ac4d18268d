package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.corpus.parquet.TextColumn;
import dev.stillhouse.pipeline.corpus.parquet.TextRows;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads .parquet files: a row is a document, its text in one column of strings. A split has the row
 * groups that start in its byte range. Memory is one row group's column, as it is stored.
 */
final class ParquetReader implements DocumentReader {
  private final String field;

  ParquetReader(String field) {
    this.field = field;
  }

  @Override
  public void read(FileSplit fileSplit, DocumentSink sink) {
    try (StoredBytes stored = StoredBytes.open(fileSplit)) {
      try {
        rows(fileSplit, sink);
      } catch (DataException e) {
        // A file that changed cannot be read either; that is the better thing to tell.
        stored.check();
        throw e;
      }
      // Pages are read out of order: so the bytes are hashed after them, from the page cache.
      stored.check();
    }
  }

  private void rows(FileSplit fileSplit, DocumentSink sink) {
    TextColumn column = TextColumn.of(Path.of(fileSplit.path()), field);
    try (TextRows rows = column.open()) {
      for (TextColumn.Group group : column.groups()) {
        if (group.start() < fileSplit.offset() || group.start() >= fileSplit.end()) {
          continue;
        }
        rows.start(group);
        while (rows.hasNext() && rows.row() < fileSplit.endDocument()) {
          document(fileSplit, rows.row(), rows.next(), sink);
          // As if a group's rows were of one size: where a row's bytes lie is not known.
          double done = (rows.row() - group.firstRow()) / (double) group.rows();
          sink.stored((long) (group.start() - fileSplit.offset() + done * group.bytes()));
        }
      }
    }
  }

  private void document(FileSplit fileSplit, long row, byte @Nullable [] bytes, DocumentSink sink) {
    sink.whole(new SegmentSource(fileSplit.name(), row), () -> text(fileSplit, row, bytes));
  }

  private String text(FileSplit fileSplit, long row, byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new BadDocumentException(
          fileSplit.place(), "row " + row + ": column '" + field + "' is null, need a string");
    }
    return StrictUtf8.whole(fileSplit.place() + ": row " + row, bytes, bytes.length, 0);
  }
}
