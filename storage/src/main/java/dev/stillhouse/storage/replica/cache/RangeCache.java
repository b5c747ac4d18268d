package dev.stillhouse.storage.replica.cache;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.PublicApi;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/**
 * Ranges of immutable blobs in memory, before a {@link CacheDirectory} if there is one. If many
 * threads ask for a byte, one fetches it and the others wait. When there is too much, the least
 * recently used ranges go; bytes that are lent stay as they are.
 */
@PublicApi
public final class RangeCache {
  private static final int MAX_TRIES = 4;

  private final long maxBytes;
  private final Optional<CacheDirectory> directory;
  private final Map<String, Holding> blobs = new HashMap<>();
  private final Map<RangeKey, Integer> used = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record RangeKey(String key, long offset) {}

  /** Gives bytes that are not held yet. */
  public interface Source {
    /**
     * Fetches ranges of a blob.
     *
     * @param missing ascending and disjoint
     * @return ranges that hold all of these; other bytes in them are kept too
     */
    List<CachedRange> fetch(List<ByteRange> missing);
  }

  /**
   * Creates a cache.
   *
   * @param maxBytes in memory; more are there only while they are fetched or lent
   */
  public RangeCache(long maxBytes, Optional<CacheDirectory> directory) {
    checkArgument(maxBytes >= 0, "PieceCache: %s bytes, need 0 or more", maxBytes);
    this.maxBytes = maxBytes;
    this.directory = directory;
  }

  /** Returns the directory behind it, if there is one. */
  public Optional<CacheDirectory> directory() {
    return directory;
  }

  /** Returns the bytes that are held in memory. */
  public synchronized long bytes() {
    return bytes;
  }

  /**
   * Reads ranges of a blob. Bytes that are held nowhere come from {@code source}, whose errors
   * reach this caller alone: another caller that waits for the same bytes asks its own source.
   *
   * @return a buffer for each range, in their order
   */
  public List<ByteBuffer> read(String key, List<ByteRange> ranges, Source source) {
    for (int attempt = 1; ; attempt++) {
      List<Holding.Held> own = new ArrayList<>();
      List<List<Holding.Held>> covers = cover(key, ranges, own);
      if (!own.isEmpty()) {
        fetch(key, own, source);
      }
      try {
        List<ByteBuffer> read = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
          read.add(
              CachedRanges.join(
                  ranges.get(i), covers.get(i).stream().map(h -> h.bytes().join()).toList()));
        }
        return read;
      } catch (CompletionException | CancellationException e) {
        if (attempt == MAX_TRIES) { // Others failed as often; the last word is our own source's.
          return direct(ranges, source);
        }
      }
    }
  }

  private static List<ByteBuffer> direct(List<ByteRange> ranges, Source source) {
    List<CachedRange> cachedRanges = source.fetch(ranges);
    return ranges.stream().map(range -> CachedRanges.pick(range, cachedRanges)).toList();
  }

  private synchronized List<List<Holding.Held>> cover(
      String key, List<ByteRange> ranges, List<Holding.Held> own) {
    Holding holding = holdingOf(key);
    List<List<Holding.Held>> covers = new ArrayList<>();
    for (ByteRange range : ranges) {
      List<Holding.Held> cover = holding.cover(range, own);
      cover.forEach(held -> used.get(new RangeKey(key, held.range().offset())));
      covers.add(cover);
    }
    return covers;
  }

  private void fetch(String key, List<Holding.Held> own, Source source) {
    try {
      List<ByteRange> wanted =
          CachedRanges.ascending(own.stream().map(Holding.Held::range).toList());
      List<CachedRange> cachedRanges =
          directory.isPresent() ? directory.get().read(key, wanted, source) : source.fetch(wanted);
      for (Holding.Held held : own) {
        held.bytes()
            .complete(
                new CachedRange(
                    held.range().offset(), CachedRanges.pick(held.range(), cachedRanges)));
      }
      settle(key, own, cachedRanges);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        own.forEach(held -> let(key, held));
      }
      own.forEach(held -> held.bytes().completeExceptionally(e));
      throw e;
    }
  }

  /** Counts fetched bytes, adds those that came along, and removes the least recently used. */
  private synchronized void settle(
      String key, List<Holding.Held> own, List<CachedRange> cachedRanges) {
    Holding holding = holdingOf(key);
    for (Holding.Held held : own) {
      if (holding.at(held.range().offset()).filter(held::equals).isPresent()) {
        count(key, held.range());
      }
    }
    List<ByteRange> owned = CachedRanges.ascending(own.stream().map(Holding.Held::range).toList());
    for (CachedRange rest : CachedRanges.without(cachedRanges, owned)) {
      if (holding.add(rest)) {
        count(key, rest.range());
      }
    }
    while (bytes > maxBytes) {
      RangeKey eldest = used.keySet().iterator().next();
      let(eldest.key, holdingOf(eldest.key).at(eldest.offset).orElseThrow());
    }
    blobs.values().removeIf(Holding::isEmpty);
  }

  private Holding holdingOf(String key) {
    return blobs.computeIfAbsent(key, unused -> new Holding());
  }

  private void count(String key, ByteRange range) {
    used.put(new RangeKey(key, range.offset()), range.length());
    bytes += range.length();
  }

  private void let(String key, Holding.Held held) {
    holdingOf(key).remove(held);
    Integer length = used.remove(new RangeKey(key, held.range().offset()));
    bytes -= length == null ? 0 : length;
  }

  /** Removes bytes that were found to be wrong, here and in the directory. */
  public void forget(String key, List<ByteRange> ranges) {
    synchronized (this) {
      for (ByteRange range : ranges) {
        holdingOf(key).touching(range).forEach(held -> let(key, held));
      }
    }
    directory.ifPresent(there -> there.forget(key, ranges));
  }
}
