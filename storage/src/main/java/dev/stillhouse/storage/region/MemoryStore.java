package dev.stillhouse.storage.region;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A region in this process's memory, for tests: it keeps the whole contract, counts its reads, and
 * is gone when the process ends.
 */
public final class MemoryStore implements RegionStore {
  private static final Map<String, ConcurrentSkipListMap<String, byte[]>> NAMED =
      new ConcurrentHashMap<>();

  private final String region;
  private final ConcurrentSkipListMap<String, byte[]> blobs;
  private final AtomicInteger reads = new AtomicInteger();
  private final ScratchDirectory scratch = ScratchDirectory.ofThisMachine();
  private volatile @Nullable String absence;

  /** An empty store that nobody else sees. */
  public MemoryStore(String region) {
    this(region, new ConcurrentSkipListMap<>());
  }

  private MemoryStore(String region, ConcurrentSkipListMap<String, byte[]> blobs) {
    this.region = region;
    this.blobs = blobs;
  }

  /** The store of this name, whose blobs are all that were put into it since the process began. */
  static MemoryStore named(String region, String name) {
    return new MemoryStore(
        region, NAMED.computeIfAbsent(name, unused -> new ConcurrentSkipListMap<>()));
  }

  /** How often {@link #read} was called. */
  public int reads() {
    return reads.get();
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public boolean putNew(String key, byte[] bytes) {
    return blobs.putIfAbsent(BlobKeys.check(key), bytes.clone()) == null;
  }

  @Override
  public boolean putNew(String key, Path file) {
    BlobKeys.check(key);
    try {
      return putNew(key, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException("cannot write " + key + " in region " + region + ": " + e, e);
    }
  }

  @Override
  public void replace(String key, Path file) {
    BlobKeys.check(key);
    try {
      blobs.put(key, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException("cannot write " + key + " in region " + region + ": " + e, e);
    }
  }

  @Override
  public Optional<String> absence() {
    return Optional.ofNullable(absence);
  }

  /** Takes all blobs away, as a directory that is no longer mounted. */
  public void vanish() {
    blobs.clear();
    absence = "memory is not there";
  }

  @Override
  public OptionalLong size(String key) {
    byte[] bytes = blobs.get(BlobKeys.check(key));
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    reads.incrementAndGet();
    ReadLimit.check(key, ranges);
    byte[] bytes = blobs.get(BlobKeys.check(key));
    if (bytes == null) {
      return CompletableFuture.failedFuture(new MissingBlobException(region, key));
    }
    List<ByteBuffer> buffers = new ArrayList<>();
    for (ByteRange range : ranges) {
      if (range.end() > bytes.length) {
        return CompletableFuture.failedFuture(
            new DamagedBlobException(key, bytes.length, "ends here in region " + region));
      }
      buffers.add(
          ByteBuffer.wrap(Arrays.copyOfRange(bytes, (int) range.offset(), (int) range.end())));
    }
    return CompletableFuture.completedFuture(buffers);
  }

  @Override
  public List<String> list(String prefix) {
    BlobKeys.checkPrefix(prefix);
    return blobs.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String key) {
    blobs.remove(BlobKeys.check(key));
  }

  @Override
  public Path scratch() {
    try {
      return scratch.get();
    } catch (IOException e) {
      throw new DataException("cannot write a scratch file: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
