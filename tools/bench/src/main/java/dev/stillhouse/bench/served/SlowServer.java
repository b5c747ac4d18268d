package dev.stillhouse.bench.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server of vLLM's form that scores prompts one after another at a stated rate, as an accelerator
 * does: an answer leaves when its tokens have had their time.
 */
final class SlowServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LENGTH = 4_096;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MadeUpAnswer answers;
  private final double tokensPerSecond;
  private long free = System.nanoTime();
  private long busy;

  SlowServer(MadeUpAnswer answers, double tokensPerSecond) throws IOException {
    this.answers = answers;
    this.tokensPerSecond = tokensPerSecond;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the seconds that all prompts took so far. */
  synchronized double busySeconds() {
    return busy / 1e9;
  }

  /** Returns when a prompt's answer is ready. */
  private synchronized long ready(int tokens) {
    long took = (long) (tokens / tokensPerSecond * 1e9);
    busy += took;
    free = Math.max(free, System.nanoTime()) + took;
    return free;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      switch (exchange.getRequestURI().getPath()) {
        case "/version" -> send(exchange, 200, "{\"version\":\"made-up\"}".getBytes(UTF_8));
        case "/v1/models" ->
            send(
                exchange,
                200,
                ("{\"data\":[{\"id\":\"made-up\",\"max_model_len\":" + LENGTH + "}]}")
                    .getBytes(UTF_8));
        case "/v1/completions" -> score(exchange, request);
        default -> send(exchange, 404, new byte[0]);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void score(HttpExchange exchange, JsonNode request)
      throws IOException, InterruptedException {
    int[] prompt = JSON.convertValue(request.get("prompt"), int[].class);
    if (prompt.length < 3) {
      send(exchange, 400, new byte[0]); // A probe of the limits.
      return;
    }
    byte[] answer = answers.completions(prompt);
    TimeUnit.NANOSECONDS.sleep(ready(prompt.length) - System.nanoTime());
    send(exchange, 200, answer);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
