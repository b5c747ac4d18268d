package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A store that counts what it is asked for and what it sends, as a bill would. */
public final class CountingStore extends ForwardingStore {
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong heads = new AtomicLong();
  private final AtomicLong lists = new AtomicLong();
  private final Map<String, AtomicLong> bytes = new ConcurrentHashMap<>();

  /** Counts what {@code store} does. */
  public CountingStore(BlobStore store) {
    super(store);
  }

  /** Ranges, or blobs of which none was asked for. */
  public long requests() {
    return requests.get();
  }

  /** Lengths. */
  public long heads() {
    return heads.get();
  }

  /** Lists. */
  public long lists() {
    return lists.get();
  }

  /** Bytes that were sent of blobs below a prefix. */
  public long bytes(String prefix) {
    return bytes.entrySet().stream()
        .filter(blob -> blob.getKey().startsWith(prefix))
        .mapToLong(blob -> blob.getValue().get())
        .sum();
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    requests.addAndGet(Math.max(1, ranges.size()));
    return store
        .read(key, ranges)
        .thenApply(
            all -> {
              bytes
                  .computeIfAbsent(key, unused -> new AtomicLong())
                  .addAndGet(all.stream().mapToLong(ByteBuffer::remaining).sum());
              return all;
            });
  }

  @Override
  public OptionalLong size(String key) {
    heads.incrementAndGet();
    return store.size(key);
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    lists.incrementAndGet();
    return store.blobs(prefix);
  }
}
