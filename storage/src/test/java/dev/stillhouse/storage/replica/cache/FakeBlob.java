package dev.stillhouse.storage.replica.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A blob that counts how often each of its bytes is fetched. */
final class FakeBlob {
  final byte[] bytes;
  final int[] fetched;
  final AtomicInteger calls = new AtomicInteger();

  FakeBlob(long seed, int length) {
    bytes = new byte[length];
    fetched = new int[length];
    new Random(seed).nextBytes(bytes);
  }

  CachedRange cachedRange(int offset, int length) {
    return new CachedRange(offset, ByteBuffer.wrap(bytes, offset, length).slice());
  }

  synchronized List<CachedRange> fetch(List<ByteRange> missing) {
    calls.incrementAndGet();
    for (ByteRange range : missing) {
      for (long i = range.offset(); i < range.end(); i++) {
        fetched[(int) i]++;
      }
    }
    return missing.stream().map(r -> cachedRange((int) r.offset(), r.length())).toList();
  }

  /** Reads ranges through a cache and compares them. */
  void check(RangeCache cache, String key, List<ByteRange> ranges) {
    List<ByteBuffer> read = cache.read(key, ranges, this::fetch);
    assertEquals(ranges.size(), read.size());
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange range = ranges.get(i);
      assertEquals(ByteBuffer.wrap(bytes, (int) range.offset(), range.length()), read.get(i));
    }
  }
}
