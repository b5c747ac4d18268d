package dev.stillhouse.storage.loader;

import dev.stillhouse.storage.UsageException;
import java.util.BitSet;
import java.util.List;

/** Adds up the cursors of all ranks. */
final class CursorParts {
  private CursorParts() {}

  static Cursor merge(List<Cursor> parts) {
    if (parts.isEmpty()) {
      throw new UsageException("no cursors to merge: need one of each rank");
    }
    Cursor first = parts.get(0);
    int ranks = first.part().isEmpty() ? 1 : Rank.parse(first.part()).worldSize();
    BitSet seen = new BitSet();
    Digest tokens = Digest.ofTokens();
    Digest values = Digest.ofValues();
    for (Cursor part : parts) {
      Rank rank = part.part().isEmpty() ? Rank.ONLY : Rank.parse(part.part());
      same("part", first.part(), part.part(), rank.worldSize() == ranks);
      same("data", first.data(), part.data(), first.data().equals(part.data()));
      same("seed", first.seed(), part.seed(), first.seed() == part.seed());
      same("order", first.order(), part.order(), first.order().equals(part.order()));
      same("batch", first.batch(), part.batch(), first.batch() == part.batch());
      same("samples", first.samples(), part.samples(), first.samples() == part.samples());
      if (seen.get(rank.rank())) {
        throw UsageException.of("rank %d is there twice", rank.rank());
      }
      seen.set(rank.rank());
      tokens.plus(part.digest());
      values.plus(part.values());
    }
    if (seen.cardinality() < ranks) {
      throw UsageException.of(
          "%d cursors of %d ranks: rank %d's is missing",
          parts.size(), ranks, seen.nextClearBit(0));
    }
    return Cursor.of(
        first.data(),
        first.seed(),
        first.order(),
        first.batch(),
        first.samples(),
        "",
        tokens.text(),
        values.text());
  }

  private static void same(String field, Object one, Object other, boolean same) {
    if (!same) {
      throw UsageException.of(
          "the cursors are not of one step: %s is %s in the first and %s in another",
          field, one, other);
    }
  }
}
