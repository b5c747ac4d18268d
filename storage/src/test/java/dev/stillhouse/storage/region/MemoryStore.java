package dev.stillhouse.storage.region;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A region in memory, for tests. It keeps the contract and counts its reads. */
public final class MemoryStore implements RegionStore {
  private final String region;
  private final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private @Nullable Path scratch;
  private volatile @Nullable String absence;

  public MemoryStore(String region) {
    this.region = region;
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
  public synchronized Path scratch() {
    try {
      Path directory = scratch == null ? Files.createTempDirectory("memory-store") : scratch;
      scratch = directory;
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (scratch != null) {
      try {
        MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
