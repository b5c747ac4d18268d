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
  /** Positions that {@link OpenedFile#scan} decodes at once, if the file lets a reader choose. */
  int SCAN_POSITIONS = 1 << 14;

  /** Returns the name in tables. */
  String name();

  /** Returns whether it is one of this project's layouts. */
  boolean layout();

  /** Returns which parts of a statistic it keeps. */
  String keeps();

  /**
   * Writes a new file of these sequences.
   *
   * @param header with any layout's name; its sequences are those of the batch
   * @throws dev.stillhouse.storage.DataException if it cannot hold them
   */
  void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException;

  /** Opens a file's bytes, with the knowledge of a reader that has its footer. */
  OpenedFile open(ShardHeader header, byte[] file);

  /** An opened file in memory. Rows are its sequences, from 0. */
  interface OpenedFile {
    /** Returns the bytes of the file by purpose. */
    Map<Part, Long> parts();

    /** Decodes all rows, a run after another. Parts that are not kept are NaN or 0. */
    void scan(Consumer<StatisticsBatch> sink);

    /** Decodes one row. */
    StatisticsBatch sequence(int row);

    /** Returns the bytes at the file's end that a reader must know first. */
    int footerBytes();

    /**
     * Returns the ranges to fetch for rows {@code from .. to} (exclusive), with the footer known.
     */
    List<ByteRange> ranges(int from, int to, Projection projection);
  }

  /** An opened file of which any run of rows can be decoded. */
  interface Runs extends OpenedFile {
    /** Returns the header of the file's sequences. */
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
