package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;

/**
 * Checks the records of shards against the rest of their manifest. A record of before there were
 * checksums is checked by this alone. {@link
 * dev.stillhouse.storage.dataset.verify.VerifyingShardReader} checks what the bytes of shards hold.
 */
final class ShardFacts {
  /** Allowed error of a sum of float32 values, for each value that was added. */
  private static final double SLACK = 1e-3;

  private final String blob;
  private final int sequenceLength;
  private final double maxEntropy;
  private long unitEnd;

  private ShardFacts(String blob, Manifest manifest) {
    this.blob = blob;
    this.sequenceLength = manifest.sequenceLength();
    this.maxEntropy = Math.log(manifest.vocabulary()) + SLACK;
  }

  /**
   * Checks all shards.
   *
   * @throws dev.stillhouse.storage.DataException at the first whose record cannot be true
   */
  static void check(String blob, Manifest manifest) {
    ShardFacts facts = new ShardFacts(blob, manifest);
    for (ShardList list : manifest.lists().lists()) {
      for (int row = 0; row < list.shards(); row++) {
        facts.accept(list, row);
      }
    }
  }

  private void accept(ShardList list, int row) {
    int sequences = list.integer(ShardColumn.SEQUENCES, row);
    long unitStart = list.number(ShardColumn.UNIT_START, row);
    if (unitStart != 0 && unitStart != unitEnd) {
      throw wrong(list, row, "unitStart", unitStart, "0 or " + unitEnd + ", which comes next");
    }
    unitEnd = unitStart + sequences;
    Totals totals = list.totals(row);
    long positions = list.number(ShardColumn.TOKEN_POSITIONS, row);
    long slots = (long) sequences * sequenceLength;
    if (positions > slots) {
      throw wrong(list, row, "tokens.positions", positions, "at most " + slots);
    }
    if (totals.positions() != positions) {
      throw wrong(list, row, "totals.positions", totals.positions(), "its tokens' " + positions);
    }
    if (totals.targets() < 0 || totals.targets() > positions) {
      throw wrong(list, row, "totals.targets", totals.targets(), "0 to " + positions);
    }
    if (totals.entries() < 0) {
      throw wrong(list, row, "totals.entries", totals.entries(), "0 or more");
    }
    double n = (double) positions;
    double slack = SLACK * (1 + n);
    range(list, row, "targetLogProb", totals.targetLogProb(), Double.NEGATIVE_INFINITY, slack);
    range(list, row, "entropy", totals.entropy(), -slack, maxEntropy * n + slack);
    range(list, row, "tailMass", totals.tailMass(), -slack, n + slack);
  }

  /** Checks a value's range. NaN is allowed: what is no number was none when it was written. */
  private void range(ShardList list, int row, String field, double value, double min, double max) {
    if (value < min || value > max) {
      throw wrong(list, row, "totals." + field, value, min + " to " + max);
    }
  }

  private DataException wrong(ShardList list, int row, String field, Object value, String need) {
    return DataException.of(
        "%s: shard %s has %s %s; need %s",
        blob, list.hash(ShardColumn.SHA256, row), field, value, need);
  }
}
