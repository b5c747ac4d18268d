package dev.stillhouse.bench.regions;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.MissingBlobException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A store of one long blob of zeros, of which it lends the same few, so that only the transfer is
 * timed.
 */
public final class FixedStore implements BlobStore {
  public static final String KEY = "zeros";

  private final String region;
  private final long length;
  private final ByteBuffer zeros;

  /**
   * Creates a store.
   *
   * @param length of its blob, bytes
   */
  public FixedStore(String region, long length) {
    this.region = region;
    this.length = length;
    this.zeros = ByteBuffer.allocate((int) Math.min(length, 256 << 20));
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    return key.equals(KEY)
        ? CompletableFuture.completedFuture(
            ranges.stream().map(range -> zeros.slice(0, range.length())).toList())
        : CompletableFuture.failedFuture(new MissingBlobException(region, key));
  }

  @Override
  public OptionalLong size(String key) {
    return key.equals(KEY) ? OptionalLong.of(length) : OptionalLong.empty();
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    return prefix.isEmpty() ? List.of(new ListedBlob(KEY, length, Instant.EPOCH)) : List.of();
  }

  @Override
  public Optional<String> unavailableReason() {
    return Optional.empty();
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void replace(String key, Path file) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void delete(String key) {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public Path scratch() {
    throw new UnsupportedOperationException("only read");
  }

  @Override
  public void close() {}
}
