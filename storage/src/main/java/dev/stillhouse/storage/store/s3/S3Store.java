package dev.stillhouse.storage.store.s3;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobKeys;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ExtraRequestCounter;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.NotReachedException.Why;
import dev.stillhouse.storage.store.ReadLimit;
import dev.stillhouse.storage.store.ScratchDirectory;
import dev.stillhouse.storage.store.Waits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A region below a prefix of an S3 bucket. The server must support conditional writes, as AWS does.
 * A blob is one object, put whole by one request. Put-if-absent is {@code If-None-Match: *}: 412
 * says that a blob exists, 409 that another writer is at work, and the request is made again. If an
 * answer was lost and a retry finds the blob, a random mark shows which writer put it.
 */
public final class S3Store implements BlobStore {
  private static final long MAX_BYTES = 5L << 30;
  private static final int MAX_KEYS = 10_000_000;
  private static final String MARK = "put";

  private final String region;
  private final S3Name name;
  private final Supplier<S3Connection> connecting;
  private @Nullable S3Connection connected;
  private final Object proving = new Object();
  private boolean proved;
  private final Retries retries;
  private final S3Reads reads;
  private final ExtraRequestCounter further = new ExtraRequestCounter();
  private final ScratchDirectory scratch = ScratchDirectory.ofThisMachine();

  /**
   * Creates a store.
   *
   * @param connecting called at the first use
   * @param retries waits before another attempt
   */
  S3Store(String region, S3Name name, Supplier<S3Connection> connecting, Retries retries) {
    this.region = region;
    this.name = name;
    this.connecting = connecting;
    this.retries = retries;
    this.reads = new S3Reads(region, name, this::connection, further, retries);
  }

  /** Opens a store by the environment's settings of S3. */
  public static S3Store open(String region, S3Name name) {
    return new S3Store(region, name, S3Connection::ofEnvironment, Retries.USUAL);
  }

  private synchronized S3Connection connection() {
    S3Connection connection = connected == null ? connecting.get() : connected;
    connected = connection;
    return connection;
  }

  private S3AsyncClient client() {
    return connection().client();
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    HashCode crc = Hashing.crc32c().hashBytes(bytes);
    return putIfAbsent(key, AsyncRequestBody.fromBytes(bytes), bytes.length, crc);
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    return putIfAbsent(key, AsyncRequestBody.fromFile(file), size(key, file), crc(key, file));
  }

  private boolean putIfAbsent(String key, AsyncRequestBody body, long bytes, HashCode crc) {
    String mark = UUID.randomUUID().toString();
    PutObjectRequest request =
        put(key, bytes, crc).ifNoneMatch("*").metadata(Map.of(MARK, mark)).build();
    AtomicBoolean doubt = new AtomicBoolean(); // An attempt may have put it without our knowing.
    try {
      PutObjectResponse done =
          await(
              key,
              () -> client().putObject(request, body),
              Retries.MANY,
              error -> {
                if (S3Errors.unknown(error)) {
                  doubt.set(true);
                }
                return S3Errors.passing(error) || S3Errors.status(error) == S3Errors.CONFLICT;
              });
      must(done.eTag() != null, "write", key);
      return true;
    } catch (S3Failure e) {
      if (e.status() != S3Errors.THERE) {
        throw failed("write", key, e.reason());
      }
      return doubt.get() && mark.equals(mark(key));
    }
  }

  private @Nullable String mark(String key) {
    return head(key).map(head -> head.metadata().get(MARK)).orElse(null);
  }

  @Override
  public void replace(String key, Path file) {
    PutObjectRequest request = put(key, size(key, file), crc(key, file)).build();
    try {
      PutObjectResponse done =
          await(
              key,
              () -> client().putObject(request, AsyncRequestBody.fromFile(file)),
              Retries.MANY,
              S3Errors::passing);
      must(done.eTag() != null, "replace", key);
    } catch (S3Failure e) {
      throw failed("replace", key, e.reason());
    }
  }

  /** Returns a put request. S3 refuses a body that has another checksum. */
  private PutObjectRequest.Builder put(String key, long bytes, HashCode crc) {
    if (bytes > MAX_BYTES) {
      throw DataException.of(
          "cannot write %s in region %s at %s: it has %d bytes, the limit of S3 is %d; make shards"
              + " smaller (--shard-sequences)",
          key, region, name, bytes, MAX_BYTES);
    }
    String checksum = BaseEncoding.base64().encode(Ints.toByteArray(crc.asInt()));
    return PutObjectRequest.builder()
        .bucket(name.bucket())
        .key(name.object(BlobKeys.check(key)))
        .contentLength(bytes)
        .checksumCRC32C(checksum)
        .overrideConfiguration(o -> o.apiCallAttemptTimeout(S3Connection.timeout(bytes)));
  }

  private long size(String key, Path file) {
    BlobKeys.check(key);
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static HashCode crc(String key, Path file) {
    try {
      return MoreFiles.asByteSource(file).hash(Hashing.crc32c());
    } catch (IOException e) {
      throw new DataException("cannot read " + file + " for " + key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> unavailableReason() {
    further.paged();
    try {
      ListObjectsV2Response first = page(name.object(""), null, 1);
      return first.contents().isEmpty()
          ? Optional.of(name + " lists nothing (it is empty, or its lists lag behind)")
          : Optional.empty();
    } catch (S3Failure e) {
      return Optional.of(name + ": " + S3Errors.reason(connection().endpoint(), e.reason()));
    } catch (DataException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public OptionalLong size(String key) {
    return head(key)
        .map(head -> OptionalLong.of(head.contentLength()))
        .orElse(OptionalLong.empty());
  }

  private Optional<HeadObjectResponse> head(String key) {
    String object = name.object(BlobKeys.check(key));
    try {
      HeadObjectResponse head =
          await(key, () -> client().headObject(r -> r.bucket(name.bucket()).key(object)));
      must(head.contentLength() != null, "look at", key);
      return Optional.of(head);
    } catch (S3Failure e) {
      if (e.status() == S3Errors.MISSING) {
        return Optional.empty();
      }
      throw failed("look at", key, e.reason());
    }
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    ReadLimit.check(key, ranges);
    return reads.read(BlobKeys.check(key), ranges);
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    BlobKeys.checkPrefix(prefix);
    int start = name.object("").length();
    List<ListedBlob> blobs = new ArrayList<>();
    try {
      ListObjectsV2Response page = null;
      do {
        if (page != null) {
          further.paged();
        }
        page = page(name.object(prefix), page == null ? null : page.nextContinuationToken(), 1000);
        for (S3Object object : page.contents()) {
          // Others may put things here that are no blobs, such as folders.
          if (object.key().startsWith(name.object(prefix))
              && BlobKeys.is(object.key().substring(start))) {
            must(object.size() != null && object.lastModified() != null, "list", prefix);
            blobs.add(
                new ListedBlob(
                    object.key().substring(start), object.size(), object.lastModified()));
          }
        }
        if (blobs.size() > MAX_KEYS) {
          throw DataException.of(
              "%s in region %s at %s: more than %d blobs", prefix, region, name, MAX_KEYS);
        }
        boolean cut = Boolean.TRUE.equals(page.isTruncated());
        if (cut && page.nextContinuationToken() == null) {
          throw S3Errors.cutList(what(prefix + " to its end"), connection().endpoint());
        }
      } while (page.nextContinuationToken() != null && Boolean.TRUE.equals(page.isTruncated()));
    } catch (S3Failure e) {
      throw failed("list", prefix, e.reason());
    }
    return blobs.stream().sorted(Comparator.comparing(ListedBlob::key)).toList();
  }

  private ListObjectsV2Response page(String prefix, @Nullable String token, int max)
      throws S3Failure {
    ListObjectsV2Response page =
        await(
            prefix,
            () ->
                client()
                    .listObjectsV2(
                        r ->
                            r.bucket(name.bucket())
                                .prefix(prefix)
                                .continuationToken(token)
                                .maxKeys(max)));
    must(name.bucket().equals(page.name()), "list", prefix);
    return page;
  }

  @Override
  public void delete(String key) {
    String object = name.object(BlobKeys.check(key));
    try {
      await(key, () -> client().deleteObject(r -> r.bucket(name.bucket()).key(object)));
    } catch (S3Failure e) {
      if (e.status() != S3Errors.MISSING) {
        throw failed("delete", key, e.reason());
      }
    }
  }

  /** Proves put-if-absent: a second put of the same key must be refused. Removes the key. */
  @Override
  public void provePutIfAbsent() {
    synchronized (proving) { // Not this store's own lock: its requests need that.
      if (!proved) {
        prove();
        proved = true;
      }
    }
  }

  private void prove() {
    String key = "work/probe-" + UUID.randomUUID();
    try {
      boolean first = putIfAbsent(key, new byte[] {1});
      if (!first || putIfAbsent(key, new byte[] {2})) {
        throw DataException.of(
            "%s: the server at %s overwrites what a writer puts on the condition that it is not"
                + " there (If-None-Match: *), so of two writers at once one would be lost without a"
                + " word; use a store with conditional writes",
            name, connection().endpoint());
      }
    } finally {
      delete(key);
    }
  }

  @Override
  public ExtraRequests drainExtraRequests() {
    return further.take();
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
  public synchronized void close() {
    scratch.close();
    if (connected != null) {
      connected.close();
    }
  }

  @Override
  public String toString() {
    return name.toString();
  }

  private <T> T await(String key, Supplier<CompletableFuture<T>> request) throws S3Failure {
    return await(key, request, Retries.FEW, S3Errors::passing);
  }

  private <T> T await(
      String key, Supplier<CompletableFuture<T>> request, int max, Predicate<Throwable> again)
      throws S3Failure {
    Waits.Wait wait = Waits.OF_PROCESS.on(what(key));
    CompletableFuture<T> pending =
        retries.patiently(
            max,
            request,
            further.counting(S3Errors.telling(wait, again, () -> connection().endpoint())));
    try (wait) {
      return pending.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException said) {
        throw said; // Of settings that allow no connection: S3 was not asked.
      }
      throw new S3Failure(e);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new NotReachedException(Why.UNREACHABLE, "interrupted while waiting for S3: " + key, e);
    }
  }

  /** Checks that an answer has what all of S3's answers have. */
  private void must(boolean answers, String verb, String key) {
    if (!answers) {
      throw S3Errors.notOfS3(verb, what(key), connection().endpoint());
    }
  }

  private DataException failed(String verb, String key, Throwable error) {
    return S3Errors.message(verb, what(key), connection().endpoint(), error);
  }

  private String what(String key) {
    return key + " in region " + region + " at " + name;
  }
}
