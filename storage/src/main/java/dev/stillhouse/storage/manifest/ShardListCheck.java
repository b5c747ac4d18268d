package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.parquet.Footer;

/**
 * Checks that every row of a list of shards can be made into a record. A hostile writer's list has
 * the right hash as well.
 */
final class ShardListCheck {
  private ShardListCheck() {}

  /**
   * Checks all rows.
   *
   * @throws dev.stillhouse.storage.DataException at the first that is wrong
   */
  static void check(ListRecord blob, ShardList list) {
    long next = blob.firstSequence();
    for (int row = 0; row < list.shards(); row++) {
      long first = list.number(ShardColumn.FIRST_SEQUENCE, row);
      if (first != next) {
        throw DataException.of(
            "%s, row %d: shard %s starts at sequence %d; %d must come next",
            blob.key(), row, list.hash(ShardColumn.SHA256, row), first, next);
      }
      least(blob, list, row, ShardColumn.SEQUENCES, list.integer(ShardColumn.SEQUENCES, row), 1);
      least(blob, list, row, ShardColumn.UNIT_START);
      least(blob, list, row, ShardColumn.TOKEN_POSITIONS);
      file(blob, list, row, ShardColumn.BYTES, ShardColumn.FOOTER_BYTES);
      file(blob, list, row, ShardColumn.TOKEN_BYTES, ShardColumn.TOKEN_FOOTER_BYTES);
      next = list.endSequence(row);
    }
  }

  private static void least(ListRecord blob, ShardList list, int row, ShardColumn column) {
    least(blob, list, row, column, list.number(column, row), 0);
  }

  private static void least(
      ListRecord blob, ShardList list, int row, ShardColumn column, long found, long min) {
    if (found < min) {
      throw DataException.of(
          "%s, row %d: shard %s has %s %d, need %d or more",
          blob.key(), row, list.hash(ShardColumn.SHA256, row), column, found, min);
    }
  }

  private static void file(
      ListRecord blob, ShardList list, int row, ShardColumn bytes, ShardColumn footerBytes) {
    long whole = list.number(bytes, row);
    int footer = list.integer(footerBytes, row);
    if (footer < 0 || footer > whole || footer > Footer.MAX_BYTES) {
      throw DataException.of(
          "%s, row %d: shard %s has %s %d and %s %d: need a footer in the file, of at most %d",
          blob.key(),
          row,
          list.hash(ShardColumn.SHA256, row),
          bytes,
          whole,
          footerBytes,
          footer,
          Footer.MAX_BYTES);
    }
  }
}
