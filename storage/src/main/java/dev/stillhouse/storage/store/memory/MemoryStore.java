package dev.stillhouse.storage.store.memory;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobKeys;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.ReadLimit;
import dev.stillhouse.storage.store.ScratchDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A region in this process's memory, for tests. It keeps the whole contract, counts its reads, and
 * is gone when the process ends.
 */
public final class MemoryStore implements BlobStore {
  private static final Map<String, ConcurrentSkipListMap<String, Held>> NAMED =
      new ConcurrentHashMap<>();

  private static final Map<String, UnaryOperator<BlobStore>> BEFORE = new ConcurrentHashMap<>();

  private final String region;
  private final ConcurrentSkipListMap<String, Held> blobs;
  private final InstantSource clock;
  private final AtomicInteger reads = new AtomicInteger();
  private final ScratchDirectory scratch = ScratchDirectory.ofThisMachine();
  private volatile @Nullable String absence;

  private static final class Held {
    final byte[] bytes;
    final Instant written;

    Held(byte[] bytes, Instant written) {
      this.bytes = bytes;
      this.written = written;
    }
  }

  /** Creates an empty store that is not shared. */
  public MemoryStore(String region) {
    this(region, InstantSource.system());
  }

  /** Creates an empty store whose blobs get their time from this clock. */
  public MemoryStore(String region, InstantSource clock) {
    this(region, new ConcurrentSkipListMap<>(), clock);
  }

  private MemoryStore(
      String region, ConcurrentSkipListMap<String, Held> blobs, InstantSource clock) {
    this.region = region;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** Returns the shared store of this name, with all blobs put into it since the process began. */
  public static MemoryStore named(String region, String name) {
    return new MemoryStore(
        region,
        NAMED.computeIfAbsent(name, unused -> new ConcurrentSkipListMap<>()),
        InstantSource.system());
  }

  /** Opens the shared store of this name, behind its decorators. */
  public static BlobStore open(String region, String name) {
    return BEFORE.getOrDefault(name, UnaryOperator.identity()).apply(named(region, name));
  }

  /** Decorates the shared store of this name, for all who open it from now on. */
  public static void before(String name, UnaryOperator<BlobStore> made) {
    BEFORE.put(name, made);
  }

  /** Returns how often {@link #read} was called. */
  public int reads() {
    return reads.get();
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    Held held = new Held(bytes.clone(), clock.instant());
    return blobs.putIfAbsent(BlobKeys.check(key), held) == null;
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    BlobKeys.check(key);
    try {
      return putIfAbsent(key, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException("cannot write " + key + " in region " + region + ": " + e, e);
    }
  }

  @Override
  public void replace(String key, Path file) {
    BlobKeys.check(key);
    try {
      blobs.put(key, new Held(Files.readAllBytes(file), clock.instant()));
    } catch (IOException e) {
      throw new DataException("cannot write " + key + " in region " + region + ": " + e, e);
    }
  }

  @Override
  public Optional<String> unavailableReason() {
    return Optional.ofNullable(absence);
  }

  /** Makes all blobs unavailable, as a directory that is no longer mounted. */
  public void vanish() {
    blobs.clear();
    absence = "memory is not there";
  }

  @Override
  public OptionalLong size(String key) {
    Held held = blobs.get(BlobKeys.check(key));
    return held == null ? OptionalLong.empty() : OptionalLong.of(held.bytes.length);
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    reads.incrementAndGet();
    ReadLimit.check(key, ranges);
    Held held = blobs.get(BlobKeys.check(key));
    if (held == null) {
      return CompletableFuture.failedFuture(new MissingBlobException(region, key));
    }
    byte[] bytes = held.bytes;
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
  public List<ListedBlob> blobs(String prefix) {
    BlobKeys.checkPrefix(prefix);
    return blobs.entrySet().stream()
        .filter(blob -> blob.getKey().startsWith(prefix))
        .map(b -> new ListedBlob(b.getKey(), b.getValue().bytes.length, b.getValue().written))
        .toList();
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
