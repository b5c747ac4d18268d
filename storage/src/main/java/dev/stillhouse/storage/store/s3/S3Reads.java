package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.ExtraRequestCounter;
import dev.stillhouse.storage.store.InFlight;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.StoreThreads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Reads ranges of objects, each by a request of its own, 16 at once. Where one fails the others of
 * the same read are cancelled.
 */
final class S3Reads {
  private static final int AT_ONCE = 16;

  private final String region;
  private final S3Name name;
  private final Supplier<S3Connection> connection;
  private final ExtraRequestCounter further;
  private final Retries retries;
  private final InFlight inFlight = new InFlight(AT_ONCE);

  S3Reads(
      String region,
      S3Name name,
      Supplier<S3Connection> connection,
      ExtraRequestCounter further,
      Retries retries) {
    this.region = region;
    this.name = name;
    this.connection = connection;
    this.further = further;
    this.retries = retries;
  }

  CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    CompletableFuture<List<ByteBuffer>> result = new CompletableFuture<>();
    List<CompletableFuture<ByteBuffer>> parts = new ArrayList<>();
    if (ranges.isEmpty()) {
      parts.add(empty(key, new ByteRange(0, 0))); // That it is there is asked all the same.
    }
    for (ByteRange range : ranges) {
      parts.add(range.length() == 0 ? empty(key, range) : get(key, range));
    }
    parts.forEach(
        part -> {
          Cancelling.pass(result, part);
          var unused =
              part.whenComplete(
                  (value, error) -> {
                    if (error != null) {
                      fail(result, key, StoreThreads.cause(error));
                      parts.forEach(other -> other.cancel(true));
                    }
                  });
        });
    var unused =
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
            .thenRun(
                () -> {
                  try {
                    result.complete(
                        parts.stream().limit(ranges.size()).map(CompletableFuture::join).toList());
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    return result;
  }

  /** Fails the result, whatever went wrong. */
  private void fail(CompletableFuture<?> result, String key, Throwable error) {
    Throwable told = error;
    try {
      told = failed(key, error);
    } catch (Throwable e) {
      told = e;
    } finally {
      result.completeExceptionally(told);
    }
  }

  private CompletableFuture<ByteBuffer> get(String key, ByteRange range) {
    CompletableFuture<ByteBuffer> bytes =
        retries.of(
            Retries.FEW,
            () ->
                inFlight.run(
                    () -> {
                      S3Range answer = new S3Range(region, key, range);
                      GetObjectRequest request =
                          GetObjectRequest.builder()
                              .bucket(name.bucket())
                              .key(name.object(key))
                              .range(answer.header())
                              .overrideConfiguration(
                                  o ->
                                      o.apiCallAttemptTimeout(S3Connection.timeout(range.length())))
                              .build();
                      return connection.get().client().getObject(request, answer);
                    }),
            further.counting(S3Errors::passing));
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    Cancelling.pass(result, bytes);
    var unused =
        bytes.whenComplete(
            (value, error) -> {
              if (error == null) {
                result.complete(value);
              } else if (S3Errors.status(StoreThreads.cause(error)) == S3Errors.PAST_THE_END) {
                // Where it ends is only in the server's text: ask again.
                further.retried();
                var unusedToo =
                    empty(key, range)
                        .whenComplete(
                            (nothing, why) ->
                                result.completeExceptionally(why == null ? error : why));
              } else {
                result.completeExceptionally(error);
              }
            });
    return result;
  }

  /** Returns no bytes, if the blob exists and reaches as far. */
  private CompletableFuture<ByteBuffer> empty(String key, ByteRange range) {
    return retries
        .of(
            Retries.FEW,
            () ->
                inFlight.run(
                    () ->
                        connection
                            .get()
                            .client()
                            .headObject(r -> r.bucket(name.bucket()).key(name.object(key)))),
            further.counting(S3Errors::passing))
        .thenApply(
            head -> {
              long size = head.contentLength() == null ? 0 : head.contentLength();
              if (size < range.end()) {
                throw S3Range.endsEarly(region, key, size, range);
              }
              return ByteBuffer.allocate(0);
            });
  }

  private Throwable failed(String key, Throwable error) {
    if (error instanceof Error) {
      return error;
    }
    if (error instanceof NoSuchKeyException) {
      return new MissingBlobException(region, key);
    }
    if (error instanceof DataException told) {
      return told; // There may be no connection to ask for its endpoint.
    }
    String what = key + " in region " + region + " at " + name;
    return S3Errors.message("read", what, connection.get().endpoint(), error);
  }
}
