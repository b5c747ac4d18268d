package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands before an S3 server and passes on what comes. It makes conditional writes what they are at
 * AWS: one after the other (the server behind looks, and then writes, and lets several win that
 * overlap). Tests may put {@link Fault faults} in its way, and see what was asked.
 */
public final class S3Front implements AutoCloseable {
  /** What to do with a request instead of passing it on. */
  interface Fault {
    /** Whether the request has been dealt with. */
    boolean instead(HttpExchange exchange, S3Front front) throws IOException;
  }

  private static final Set<String> OF_THE_HOP =
      Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "upgrade");

  private final String upstream;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Object conditionalWrites = new Object();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
  private volatile boolean conditionsIgnored;
  private volatile Fault fault = (exchange, front) -> false;

  public S3Front(String upstream) {
    this.upstream = upstream;
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on conditional writes overwrite what is there. */
  public void ignoreConditions(boolean ignored) {
    conditionsIgnored = ignored;
  }

  /** From now on. */
  void fault(Fault next) {
    fault = next;
  }

  /** Requests that came, as in "GET bytes=0-3". */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Bytes that were sent of objects whose path holds {@code part}. */
  public long bytesOf(String part) {
    return sent.entrySet().stream()
        .filter(object -> object.getKey().contains(part))
        .mapToLong(object -> object.getValue().sum())
        .sum();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(exchange.getRequestMethod() + (range == null ? "" : " " + range));
    try (exchange) {
      if (!fault.instead(exchange, this)) {
        pass(exchange);
      }
    }
  }

  /** Passes a request on, and the answer back. */
  void pass(HttpExchange exchange) throws IOException {
    boolean conditional =
        exchange.getRequestMethod().equals("PUT")
            && exchange.getRequestHeaders().containsKey("If-None-Match");
    if (conditional) {
      synchronized (conditionalWrites) {
        answer(exchange, ask(exchange));
      }
    } else {
      answer(exchange, ask(exchange));
    }
  }

  /** Passes a request on. */
  HttpResponse<byte[]> ask(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(upstream + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              boolean ignored = conditionsIgnored && lower.equals("if-none-match");
              if (!OF_THE_HOP.contains(lower) && !ignored) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
    sent.computeIfAbsent(exchange.getRequestURI().getPath(), path -> new LongAdder())
        .add(response.body().length);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!OF_THE_HOP.contains(lower) || (head && lower.equals("content-length"))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    send(exchange, response.statusCode(), response.body());
  }

  /** Answers by itself, in S3's words. */
  static void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    String xml =
        "<?xml version=\"1.0\"?><Error><Code>"
            + code
            + "</Code><Message>"
            + message
            + "</Message></Error>";
    send(exchange, status, xml.getBytes(UTF_8));
  }

  /** Answers by itself. */
  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : body.length);
    if (!none) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
