package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.StoreThreads;
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
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * Runs the JDK's HTTP client under the AWS SDK. A cancelled request closes its connection, in
 * whatever state it is. One client, with one pool of connections, serves the process: it has no
 * close before Java 21, and its threads are daemons.
 *
 * <p>Only requests to this machine itself may go without TLS: requests carry signatures, and with
 * temporary credentials a token, that a listener could use.
 */
final class JdkHttp implements SdkAsyncHttpClient {
  static final JdkHttp SHARED = new JdkHttp();

  /** Headers that the JDK's client sets by itself, and refuses to be given. */
  private static final Set<String> SET_BY_THE_JDK =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .executor(StoreThreads.WAITING)
          .build();

  private JdkHttp() {}

  /** Returns whether bytes to this address stay on this machine or go through TLS. */
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
    Response response = new Response(execute.responseHandler(), done);
    // The JDK's sendAsync would complete in the common pool, whatever executor its client has.
    Future<?> sending = StoreThreads.WAITING.submit(() -> send(execute, response));
    var unused =
        done.whenComplete(
            (nothing, error) -> {
              if (error != null) {
                sending.cancel(true); // Cancelled, or the SDK's timeout.
                response.cancel();
              }
            });
    return done;
  }

  /** Waits for the head of an answer; its body comes in the client's own threads. */
  private void send(AsyncExecuteRequest execute, Response response) {
    try {
      response.came(client.send(request(execute), BodyHandlers.ofPublisher()));
    } catch (Throwable e) {
      response.failed(e);
    }
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

  /** Hands a response on to the SDK, part by part on demand. */
  private static final class Response {
    private final SdkAsyncHttpResponseHandler handler;
    private final CompletableFuture<Void> done;
    private volatile Flow.@Nullable Subscription upstream;

    Response(SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done) {
      this.handler = handler;
      this.done = done;
    }

    void failed(Throwable error) {
      handler.onError(error);
      done.completeExceptionally(error);
    }

    void came(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
      SdkHttpFullResponse.Builder head =
          SdkHttpFullResponse.builder().statusCode(response.statusCode());
      response.headers().map().forEach(head::putHeader);
      handler.onHeaders(head.build());
      handler.onStream(
          subscriber ->
              response.body().subscribe(new Segments(FlowAdapters.toFlowSubscriber(subscriber))));
    }

    void cancel() {
      Flow.Subscription subscription = upstream;
      if (subscription != null) {
        subscription.cancel();
      }
    }

    /**
     * Passes the JDK's lists of buffers on as the SDK's buffers, one for one, so that demand
     * agrees.
     */
    private final class Segments implements Flow.Subscriber<List<ByteBuffer>> {
      private final Flow.Subscriber<? super ByteBuffer> subscriber;

      Segments(Flow.Subscriber<? super ByteBuffer> subscriber) {
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
        try {
          subscriber.onNext(buffers.size() == 1 ? buffers.get(0) : joined(buffers));
        } catch (Throwable e) {
          cancel();
          onError(e);
        }
      }

      @Override
      public void onError(Throwable error) {
        subscriber.onError(error);
        failed(error);
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
