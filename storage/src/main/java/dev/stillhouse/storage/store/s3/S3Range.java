package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Receives the answer to a request for a range: exactly the bytes asked for, in a buffer of that
 * size. Other answers are refused before any of it is kept, so that a server that ignores ranges
 * and sends a whole large object costs nothing.
 */
final class S3Range implements AsyncResponseTransformer<GetObjectResponse, ByteBuffer> {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  private final String region;
  private final String key;
  private final ByteRange range;
  private final CompletableFuture<ByteBuffer> result = new CompletableFuture<>();

  /**
   * Creates a receiver.
   *
   * @param range not empty
   */
  S3Range(String region, String key, ByteRange range) {
    this.region = region;
    this.key = key;
    this.range = range;
  }

  /** Returns the value of HTTP's Range header. */
  String header() {
    return "bytes=" + range.offset() + "-" + (range.end() - 1);
  }

  /** Returns the error for an answer that ends before the range does. */
  static DamagedBlobException endsEarly(String region, String key, long size, ByteRange range) {
    return new DamagedBlobException(
        key,
        size,
        "the copy in region " + region + " ends here, bytes up to " + range.end() + " are needed");
  }

  @Override
  public CompletableFuture<ByteBuffer> prepare() {
    return result;
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    long first = 0;
    Long length = response.contentLength();
    long size = length == null ? -1 : length;
    if (response.contentRange() != null) {
      Matcher said = CONTENT_RANGE.matcher(response.contentRange());
      if (!said.matches()) {
        refuse("a range that is none");
        return;
      }
      first = Long.parseLong(said.group(1));
      size = Long.parseLong(said.group(3));
    }
    if (first == range.offset() && size >= 0 && size < range.end()) {
      result.completeExceptionally(endsEarly(region, key, size, range));
    } else if (first != range.offset() || length == null || length != range.length()) {
      refuse((length == null ? "unknown many" : length) + " bytes from " + first + " on");
    }
  }

  private void refuse(String came) {
    result.completeExceptionally(
        new NotReachedException(
            NotReachedException.Why.UNREACHABLE,
            String.format(
                Locale.ROOT,
                "%s in region %s: asked for %d bytes from %d on, the store answers with %s",
                key,
                region,
                range.length(),
                range.offset(),
                came),
            null));
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(new Collector());
  }

  @Override
  public void exceptionOccurred(Throwable error) {
    result.completeExceptionally(error);
  }

  private final class Collector implements Subscriber<ByteBuffer> {
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    @Override
    public void onSubscribe(Subscription subscription) {
      var unused =
          result.whenComplete(
              (value, error) -> {
                if (error != null) {
                  subscription.cancel();
                }
              });
      if (!result.isDone()) {
        try {
          bytes = ByteBuffer.allocate(range.length());
          subscription.request(Long.MAX_VALUE);
        } catch (Throwable e) { // No memory: the reader must hear of it, not this thread.
          result.completeExceptionally(e);
        }
      }
    }

    @Override
    public void onNext(ByteBuffer piece) {
      if (result.isDone()) {
        return;
      }
      if (piece.remaining() > bytes.remaining()) {
        refuse("more");
        return;
      }
      bytes.put(piece);
    }

    @Override
    public void onError(Throwable error) {
      result.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      if (bytes.hasRemaining()) {
        refuse(bytes.position() + " bytes");
      } else {
        result.complete(bytes.flip());
      }
    }
  }
}
