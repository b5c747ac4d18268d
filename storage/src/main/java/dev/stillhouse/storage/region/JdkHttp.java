package dev.stillhouse.storage.region;

import dev.stillhouse.storage.DataException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * The JDK's HTTP client under the AWS SDK. A request that is cancelled closes its connection, in
 * whatever state it is. One client, with one pool of connections, serves the process: it has no
 * close before Java 21, and its threads are daemons.
 *
 * <p>Nothing is sent without TLS but to this machine itself: requests carry signatures, and with
 * temporary credentials a token, that a listener could use.
 */
final class JdkHttp implements SdkAsyncHttpClient {
  static final JdkHttp SHARED = new JdkHttp();

  /** What the JDK's client sets by itself, and refuses to be told. */
  private static final Set<String> SET_BY_THE_JDK =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private JdkHttp() {}

  /** Whether bytes to this address stay on this machine or go through TLS. */
  static boolean isSafe(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    return "https".equalsIgnoreCase(uri.getScheme())
        || host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest execute) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> pending;
    try {
      pending = client.sendAsync(request(execute), BodyHandlers.ofPublisher());
    } catch (RuntimeException e) {
      return failed(execute.responseHandler(), done, e);
    }
    Response response = new Response(execute.responseHandler(), done);
    var unused = pending.whenComplete(response::came);
    var unusedToo =
        done.whenComplete(
            (nothing, error) -> {
              if (error != null) {
                pending.cancel(true); // Cancelled, or the SDK's timeout.
                response.cancel();
              }
            });
    return done;
  }

  private static CompletableFuture<Void> failed(
      SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done, Throwable error) {
    handler.onError(error);
    done.completeExceptionally(error);
    return done;
  }

  private static HttpRequest request(AsyncExecuteRequest execute) {
    SdkHttpRequest request = execute.request();
    if (!isSafe(request.getUri())) {
      throw new DataException("an S3 endpoint without TLS (http:) is used on this machine alone");
    }
    HttpRequest.Builder builder = HttpRequest.newBuilder(request.getUri());
    request.forEachHeader(
        (name, values) -> {
          if (!SET_BY_THE_JDK.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> builder.header(name, value));
          }
        });
    return builder.method(request.method().name(), body(execute)).build();
  }

  private static BodyPublisher body(AsyncExecuteRequest execute) {
    long length =
        execute
            .request()
            .firstMatchingHeader("Content-Length")
            .map(Long::parseLong)
            .orElseGet(() -> execute.requestContentPublisher().contentLength().orElse(0L));
    return length == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(
            FlowAdapters.toFlowPublisher(execute.requestContentPublisher()), length);
  }

  @Override
  public String clientName() {
    return "Jdk";
  }

  @Override
  public void close() {}

  /** Hands a response on to the SDK, piece by piece as it asks. */
  private static final class Response {
    private final SdkAsyncHttpResponseHandler handler;
    private final CompletableFuture<Void> done;
    private volatile Flow.@Nullable Subscription upstream;

    Response(SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done) {
      this.handler = handler;
      this.done = done;
    }

    void came(@Nullable HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, Throwable error) {
      if (response == null) {
        var unused = failed(handler, done, error);
        return;
      }
      SdkHttpFullResponse.Builder head =
          SdkHttpFullResponse.builder().statusCode(response.statusCode());
      response.headers().map().forEach(head::putHeader);
      handler.onHeaders(head.build());
      handler.onStream(
          subscriber ->
              response.body().subscribe(new Pieces(FlowAdapters.toFlowSubscriber(subscriber))));
    }

    void cancel() {
      Flow.Subscription subscription = upstream;
      if (subscription != null) {
        subscription.cancel();
      }
    }

    /**
     * The JDK gives lists of buffers, the SDK wants buffers: one for one, so that demand agrees.
     */
    private final class Pieces implements Flow.Subscriber<List<ByteBuffer>> {
      private final Flow.Subscriber<? super ByteBuffer> subscriber;

      Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        subscriber.onSubscribe(subscription);
        if (done.isCompletedExceptionally()) {
          subscription.cancel();
        }
      }

      @Override
      public void onNext(List<ByteBuffer> buffers) {
        subscriber.onNext(buffers.size() == 1 ? buffers.get(0) : joined(buffers));
      }

      @Override
      public void onError(Throwable error) {
        subscriber.onError(error);
        var unused = failed(handler, done, error);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
        done.complete(null);
      }

      private static ByteBuffer joined(List<ByteBuffer> buffers) {
        ByteBuffer all =
            ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(all::put);
        return all.flip();
      }
    }
  }
}
