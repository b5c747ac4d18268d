package dev.stillhouse.storage.replica.cache;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What a process holds of one blob: disjoint ranges, each with its bytes or with a fetch that is
 * under way. Guarded by its cache's lock.
 */
final class Holding {
  /**
   * A range that is held.
   *
   * @param bytes that are there, or will be
   */
  record Held(ByteRange range, CompletableFuture<CachedRange> bytes) {}

  private final NavigableMap<Long, Held> held = new TreeMap<>();

  /**
   * Returns held ranges that cover a range, in order. Parts that are not held yet are claimed and
   * added to {@code own}.
   */
  List<Held> cover(ByteRange range, List<Held> own) {
    List<Held> cover = new ArrayList<>();
    long at = range.offset();
    while (at < range.end()) {
      Map.Entry<Long, Held> before = held.floorEntry(at);
      Held found = before == null ? null : before.getValue();
      if (found == null || found.range().end() <= at) {
        Long next = held.higherKey(at);
        long end = next == null ? range.end() : Math.min(next, range.end());
        found = new Held(new ByteRange(at, Ints.checkedCast(end - at)), new CompletableFuture<>());
        held.put(at, found);
        own.add(found);
      }
      cover.add(found);
      at = found.range().end();
    }
    return cover;
  }

  /**
   * Adds a cached range that came along, if no part of it is held. Returns whether it was added.
   */
  boolean add(CachedRange cachedRange) {
    ByteRange range = cachedRange.range();
    Map.Entry<Long, Held> before = held.lowerEntry(range.end());
    if (range.length() == 0
        || (before != null && before.getValue().range().end() > range.offset())) {
      return false;
    }
    held.put(range.offset(), new Held(range, CompletableFuture.completedFuture(cachedRange)));
    return true;
  }

  /** Removes a held range. */
  void remove(Held one) {
    held.remove(one.range().offset(), one);
  }

  /** Returns the held ranges that touch a range and whose bytes are there. */
  List<Held> touching(ByteRange range) {
    return held.headMap(range.end(), false).values().stream()
        .filter(one -> one.range().end() > range.offset() && one.bytes().isDone())
        .toList();
  }

  /** Returns the held range that begins at an offset. */
  Optional<Held> at(long offset) {
    return Optional.ofNullable(held.get(offset));
  }

  boolean isEmpty() {
    return held.isEmpty();
  }
}
