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
 * Reads through a cache. Regions are weighed and asked only for what is held nowhere. What is wrong
 * in the cache is no fault of a region: it is fetched again, and only bytes that all came from one
 * region, just now, say that its copy is damaged.
 */
final class CachedReads {
  /** Others may fill the cache meanwhile, from wherever: then this read does without. */
  private static final int MAX_MIXED = 2;

  private final RangeCache cache;
  private final ReplicaSelector copies;
  private final Fetch fetch;

  CachedReads(RangeCache cache, ReplicaSelector copies, Fetch fetch) {
    this.cache = cache;
    this.copies = copies;
    this.fetch = fetch;
  }

  /** Who brought what of one try. */
  private static final class Brought {
    final Set<Replica> from = new HashSet<>();
    long bytes;
  }

  /** Empty where the cache is of no help. */
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
