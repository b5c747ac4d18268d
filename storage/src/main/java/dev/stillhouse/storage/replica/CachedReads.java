package dev.stillhouse.storage.replica;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.cache.CachedRange;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.topology.ReadPlan;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads through a cache. Regions are weighed and asked only for bytes that the cache lacks. Wrong
 * bytes in the cache are no fault of a region: they are fetched again. A copy counts as damaged
 * only if all bytes of a read came from one region, just now.
 */
final class CachedReads {
  /**
   * Number of tries while others fill the cache from elsewhere. After these a read goes without the
   * cache.
   */
  private static final int MAX_MIXED = 2;

  private final RangeCache cache;
  private final ReplicaSelector copies;
  private final Fetch fetch;

  CachedReads(RangeCache cache, ReplicaSelector copies, Fetch fetch) {
    this.cache = cache;
    this.copies = copies;
    this.fetch = fetch;
  }

  /** Which region brought which bytes in one try. */
  private static final class Brought {
    final Set<Replica> from = new HashSet<>();
    long bytes;
  }

  /** Returns what the read gives; empty if the cache is of no help. */
  <T> Optional<T> read(
      List<ByteRange> ranges, ReadAttempts attempts, ReplicaReader.Check<T> check) {
    long all = ReadPlan.touching(ranges).bytes();
    for (int mixed = 0; mixed < MAX_MIXED; ) {
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

  /** Returns bytes that are not checked yet. */
  ByteBuffer read(ByteRange range, ReadAttempts attempts) {
    Brought brought = new Brought();
    return cache
        .read(attempts.key(), List.of(range), missing -> fetch(missing, attempts, brought))
        .get(0);
  }

  private List<CachedRange> fetch(List<ByteRange> missing, ReadAttempts attempts, Brought brought) {
    return copies
        .first(
            missing,
            attempts,
            choice -> {
              List<CachedRange> cachedRanges =
                  fetch.cachedRanges(choice.route(), choice.plan(), attempts.key());
              brought.from.add(choice.route());
              missing.forEach(range -> brought.bytes += range.length());
              return cachedRanges;
            })
        .orElseThrow(attempts::allFailed);
  }
}
