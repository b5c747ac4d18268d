package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server on loopback that answers as a kind of inference server does. */
public class FakeServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** What a test puts in place of an answer; returns false to let the server answer. */
  public interface Fault {
    boolean answers(HttpExchange exchange, JsonNode request) throws IOException;
  }

  /** A kind of server: the answer to a request, NOT_FOUND for a path that it has not. */
  public interface Kind {
    Reply reply(String path, JsonNode request) throws IOException;
  }

  public record Reply(int status, String body) {
    public static final Reply NOT_FOUND = new Reply(404, "{\"detail\":\"Not Found\"}");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Kind kind;
  public volatile Fault fault = (exchange, request) -> false;
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  public final AtomicInteger requests = new AtomicInteger();

  /** Starts at a port; 0 takes a free one. */
  public FakeServer(Kind kind, int port) throws IOException {
    this.kind = kind;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      authorizations.add(token == null ? "" : token);
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
      if (fault.answers(exchange, request)) {
        return;
      }
      Reply reply = kind.reply(exchange.getRequestURI().getPath(), request);
      send(exchange, reply.status(), reply.body());
    } catch (RuntimeException e) {
      send(exchange, 500, "{\"error\":{\"message\":\"" + e + "\"}}");
    }
  }

  public static boolean send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
    return true;
  }

  int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
