package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.topology.ReadPlan;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.cache.Piece;
import dev.stillhouse.storage.replica.cache.PieceCache;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads through a cache. Regions are weighed and asked only for what is held nowhere. What is wrong
 * in the cache is no fault of a region: it is fetched again, and only bytes that all came from one
 * region, just now, say that its copy is damaged.
 */
final class CachedReads {
  /** Others may fill the cache meanwhile, from wherever: then this read does without. */
  private static final int MOST_MIXED = 2;

  private final PieceCache cache;
  private final Copies copies;
  private final Fetch fetch;

  CachedReads(PieceCache cache, Copies copies, Fetch fetch) {
    this.cache = cache;
    this.copies = copies;
    this.fetch = fetch;
  }

  /** Who brought what of one try. */
  private static final class Brought {
    final Set<Route> from = new HashSet<>();
    long bytes;
  }

  /** Empty where the cache is of no help. */
  <T> Optional<T> read(List<ByteRange> ranges, Attempts attempts, ReplicaReader.Check<T> check) {
    long all = ReadPlan.touching(ranges).bytes();
    for (int mixed = 0; mixed < MOST_MIXED; ) {
      Brought brought = new Brought();
      List<ByteBuffer> bytes =
          cache.read(attempts.key(), ranges, missing -> fetch(missing, attempts, brought));
      try {
        return Optional.of(check.accept(bytes));
      } catch (DamagedBlobException e) {
        cache.forget(attempts.key(), ranges);
        if (brought.from.size() == 1 && brought.bytes >= all) {
          brought.from.forEach(route -> copies.failed(route, attempts, e));
        } else {
          mixed++;
        }
      }
    }
    return Optional.empty();
  }

  private List<Piece> fetch(List<ByteRange> missing, Attempts attempts, Brought brought) {
    return copies
        .first(
            missing,
            attempts,
            choice -> {
              List<Piece> pieces = fetch.pieces(choice.route(), choice.plan(), attempts.key());
              brought.from.add(choice.route());
              missing.forEach(range -> brought.bytes += range.length());
              return pieces;
            })
        .orElseThrow(attempts::allFailed);
  }
}
