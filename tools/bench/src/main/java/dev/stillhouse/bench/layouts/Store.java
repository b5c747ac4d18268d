package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One way to keep statistics in a file. */
interface Store {
  /**
   * Positions that {@link OpenedFile#scan} decodes at once, where the file lets a reader choose.
   */
  int SCAN_POSITIONS = 1 << 14;

  /** How it is called in tables. */
  String name();

  /** Whether it is one of this project's layouts. */
  boolean layout();

  /** What of a statistic it keeps. */
  String keeps();

  /**
   * Writes a file of these sequences, which must not exist.
   *
   * @param header with any layout's name; its sequences are those of the batch
   * @throws dev.stillhouse.storage.DataException if it cannot hold them
   */
  void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException;

  /** Opens such a file's bytes: what a reader that has its footer knows. */
  OpenedFile open(ShardHeader header, byte[] file);

  /** An opened file in memory. Rows are its sequences, from 0. */
  interface OpenedFile {
    /** Bytes of the file by what they are there for. */
    Map<Part, Long> parts();

    /** Decodes all rows, a run after another. What is not kept is NaN or 0. */
    void scan(Consumer<StatisticsBatch> sink);

    /** Decodes one row. */
    StatisticsBatch sequence(int row);

    /** Bytes at the file's end that a reader must know first. */
    int footerBytes();

    /** What must be fetched for rows {@code from .. to} (exclusive), the footer known. */
    List<ByteRange> ranges(int from, int to, Projection projection);
  }

  /** An opened file of which any run of rows can be decoded. */
  interface Runs extends OpenedFile {
    /** Of the file's sequences. */
    ShardHeader header();

    /** Decodes rows {@code from .. to} (exclusive). */
    StatisticsBatch read(int from, int to);

    @Override
    default void scan(Consumer<StatisticsBatch> sink) {
      int step = Math.max(1, SCAN_POSITIONS / header().sequenceLength());
      for (int row = 0; row < header().sequences(); row += step) {
        sink.accept(read(row, Math.min(row + step, header().sequences())));
      }
    }

    @Override
    default StatisticsBatch sequence(int row) {
      return read(row, row + 1);
    }
  }
}
