package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.NotReachedException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are away, busy, slow, gone in the middle or another one when they come back. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedFaultsTest {
  private static final Selection TOP_5 = Selection.topK(FakeModel.V, 5);

  private final FakeVllm kind = new FakeVllm();
  private FakeServer server;

  ServedFaultsTest() throws IOException {
    server = new FakeServer(kind, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ServedTeacher open(String argument, Map<String, String> environment) {
    ServedSettings settings = ServedSettings.parse("vllm", argument);
    return ServedTeacher.open(
        new VllmApi(), settings, BearerSecret.of(settings, environment), Duration.ofSeconds(5));
  }

  private ServedTeacher open(String settings) {
    return open(server.url() + settings, Map.of());
  }

  private static TokenBatch batch() {
    int[] tokens = new int[60];
    int[] segments = new int[60];
    for (int i = 0; i < 60; i++) {
      tokens[i] = (i * 7 + i / 5) % FakeModel.V;
      segments[i] = i % 20 / 5;
    }
    return new TokenBatch(0, 20, tokens, segments);
  }

  private static void assertRight(StatisticsBatch answer) {
    for (int slot = 0; slot < 60; slot++) {
      int[] past = Arrays.copyOfRange(batch().tokens(), slot - slot % 5, slot + 1);
      int[] best = FakeModel.order(FakeModel.logProbs(past, past.length));
      int from = answer.offsets()[slot];
      assertArrayEquals(
          Arrays.copyOf(best, 5), Arrays.copyOfRange(answer.ids(), from, from + 5), "" + slot);
    }
  }

  private static boolean scores(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().equals("/v1/completions");
  }

  /** Fails some requests in turn with each of the ways in which servers fail. */
  @Test
  void whatPassesIsWaitedOut() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ServedTeacher teacher = open(",patience=60")) {
      server.fault =
          (exchange, request) ->
              switch (request.path("prompt").size() > 2 ? asked.getAndIncrement() : -1) {
                case 1 -> FakeServer.send(exchange, 429, "{\"error\":{\"message\":\"slow\"}}");
                case 3 -> FakeServer.send(exchange, 503, "loading");
                case 5 -> FakeServer.send(exchange, 500, "{\"error\":\"EngineDeadError\"}");
                case 7 -> cut(exchange, kind.reply("/v1/completions", request).body(), true);
                case 9 -> cut(exchange, kind.reply("/v1/completions", request).body(), false);
                default -> false;
              };
      assertRight(teacher.read(batch(), TOP_5));
    }
    assertTrue(asked.get() >= 12 + 5, "asked " + asked);
  }

  /** Sends half of an answer: with the whole one's length, or as if it were all. */
  private static boolean cut(HttpExchange exchange, String body, boolean breaks)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, breaks ? bytes.length : bytes.length / 2);
    OutputStream out = exchange.getResponseBody();
    out.write(bytes, 0, bytes.length / 2);
    out.flush();
    exchange.close();
    return true;
  }

  @Test
  void aServerThatStartsAgainIsWaitedFor() throws Exception {
    int port = server.port();
    try (ServedTeacher teacher = open(",patience=60")) {
      server.close();
      Thread restarts =
          new Thread(
              () -> {
                try {
                  Thread.sleep(1_000);
                  server = new FakeServer(kind, port);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      restarts.start();
      assertRight(teacher.read(batch(), TOP_5));
      restarts.join();
    }
  }

  @Test
  void anotherModelThatCameUpInItsPlaceIsRefused() throws Exception {
    int port = server.port();
    try (ServedTeacher teacher = open(",patience=60")) {
      server.close();
      FakeVllm other = new FakeVllm();
      other.version = "0.33.0";
      server = new FakeServer(other, port);
      server.fault = failFirst();
      DataException e = assertThrows(DataException.class, () -> teacher.read(batch(), TOP_5));
      assertTrue(e.getMessage().contains("another teacher than the first"), e.getMessage());
      assertTrue(e.getMessage().contains("0.33.0"), e.getMessage());
    }
  }

  private static FakeServer.Fault failFirst() {
    AtomicInteger asked = new AtomicInteger();
    return (exchange, request) ->
        scores(exchange)
            && asked.getAndIncrement() == 0
            && FakeServer.send(exchange, 503, "loading");
  }

  @Test
  void whenNoneAnswersForTheWholePatienceThatIsTold() {
    try (ServedTeacher teacher = open(",patience=1")) {
      server.close();
      NotReachedException e =
          assertThrows(NotReachedException.class, () -> teacher.read(batch(), TOP_5));
      assertTrue(e.getMessage().contains("no server answered for 1 s"), e.getMessage());
      assertTrue(e.getMessage().contains(server.url()), e.getMessage());
    }
  }

  @Test
  void severalServersShareAndOneMayDie() throws Exception {
    try (FakeServer second = new FakeServer(kind, 0)) {
      String both = server.url() + ";" + second.url();
      try (ServedTeacher teacher = open(both + ",tokens=12,patience=30", Map.of())) {
        assertRight(teacher.read(batch(), TOP_5));
        assertTrue(server.requests.get() > 6 && second.requests.get() > 6, "both worked");
        second.fault = (exchange, request) -> FakeServer.send(exchange, 503, "dying");
        assertRight(teacher.read(batch(), TOP_5));
        second.close();
        assertRight(teacher.read(batch(), TOP_5));
      }
    }
  }

  @Test
  void noMoreTokensAreUnderWayThanAllowed() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ServedTeacher teacher = open(",tokens=13")) {
      server.fault =
          (exchange, request) -> {
            if (!scores(exchange)) {
              return false;
            }
            int tokens = request.get("prompt").size();
            most.accumulateAndGet(now.addAndGet(tokens), Math::max);
            boolean sent =
                FakeServer.send(exchange, 200, kind.reply("/v1/completions", request).body());
            now.addAndGet(-tokens);
            return sent;
          };
      assertRight(teacher.read(batch(), TOP_5));
    }
    // A server counts a prompt as done a little after it has sent the answer.
    assertTrue(most.get() <= 13 + 6, "tokens at once: " + most);
  }

  @Test
  void aServerThatFailsOnOnePromptAgainAndAgainIsAnError() {
    try (ServedTeacher teacher = open(",patience=600")) {
      server.fault =
          (exchange, request) ->
              scores(exchange)
                  && FakeServer.send(exchange, 500, "{\"error\":{\"message\":\"bug\"}}");
      DataException e = assertThrows(DataException.class, () -> teacher.read(batch(), TOP_5));
      assertTrue(e.getMessage().contains("status 500 (bug); asked 5 times"), e.getMessage());
      assertTrue(e.getMessage().contains("sequence "), e.getMessage());
    }
  }

  @Test
  void aSlowDripEndsWithTheTimeForAnAnswer() {
    ServedSettings settings = ServedSettings.parse("vllm", server.url());
    try (ServedTeacher hasty =
        ServedTeacher.open(new VllmApi(), settings, Optional.empty(), Duration.ofMillis(300))) {
      server.fault = (exchange, request) -> drip(exchange);
      DataException e = assertThrows(DataException.class, () -> hasty.read(four(), TOP_5));
      assertTrue(e.getMessage().contains("not done after"), e.getMessage());
    }
  }

  @Test
  void aQuestionThatIsNoLongerNeededEndsAtOnce() throws Exception {
    ServedSettings settings = ServedSettings.parse("vllm", server.url());
    CountDownLatch drips = new CountDownLatch(1);
    try (ServedTeacher teacher =
        ServedTeacher.open(new VllmApi(), settings, Optional.empty(), Duration.ofDays(1))) {
      server.fault =
          (exchange, request) -> {
            drips.countDown();
            return drip(exchange);
          };
      Thread asks =
          new Thread(() -> assertThrows(DataException.class, () -> teacher.read(four(), TOP_5)));
      asks.start();
      drips.await();
      Thread.sleep(100); // The answer's first bytes are read.
      asks.interrupt();
      asks.join();
    } // It would wait for a day.
  }

  private static TokenBatch four() {
    return new TokenBatch(0, 4, new int[] {1, 2, 3, 4}, new int[4]);
  }

  /** Sends a byte now and then, for ever. */
  private static boolean drip(HttpExchange exchange) throws IOException {
    if (!scores(exchange)) {
      return false;
    }
    exchange.sendResponseHeaders(200, 1 << 20);
    OutputStream out = exchange.getResponseBody();
    try {
      while (true) {
        out.write(' ');
        out.flush();
        Thread.sleep(20);
      }
    } catch (InterruptedException | IOException e) {
      return true; // The other side has gone.
    }
  }

  @Test
  void theTokenIsSentAndNeverShown() {
    String secret = "sesame-opens";
    server.fault =
        (exchange, request) ->
            !("Bearer " + secret).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                && FakeServer.send(exchange, 401, "{\"error\":\"Unauthorized\"}");
    DataException without = assertThrows(DataException.class, () -> open(""));
    assertTrue(without.getMessage().contains("set STILLHOUSE_TEACHER_TOKEN"));
    Map<String, String> wrong = Map.of(BearerSecret.VARIABLE, "guessed");
    DataException refused = assertThrows(DataException.class, () -> open(server.url(), wrong));
    assertTrue(refused.getMessage().contains("does not take this token"), refused.getMessage());
    assertFalse(refused.toString().contains("guessed"));
    try (ServedTeacher teacher = open(server.url(), Map.of(BearerSecret.VARIABLE, secret + "\n"))) {
      assertRight(teacher.read(batch(), TOP_5));
      assertFalse((teacher.fingerprint() + teacher.notice()).contains(secret));
    }
  }

  @Test
  void aRedirectIsNotFollowed() throws IOException {
    try (FakeServer elsewhere = new FakeServer(kind, 0)) {
      server.fault =
          (exchange, request) -> {
            exchange
                .getResponseHeaders()
                .set("Location", elsewhere.url() + exchange.getRequestURI());
            exchange.sendResponseHeaders(307, -1);
            return true;
          };
      DataException e =
          assertThrows(
              DataException.class,
              () -> open(server.url(), Map.of(BearerSecret.VARIABLE, "sesame")));
      assertTrue(e.getMessage().contains("redirect (307)"), e.getMessage());
      assertEquals(0, elsewhere.requests.get());
    }
  }

  @Test
  void aCompressedAnswerIsRefusedUnread() {
    server.fault =
        (exchange, request) -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          return FakeServer.send(exchange, 200, "zzzz");
        };
    DataException e = assertThrows(DataException.class, () -> open(""));
    assertTrue(e.getMessage().contains("compressed (gzip)"), e.getMessage());
  }

  @Test
  void anAnswerBeyondAnyBoundIsNotReadOn() {
    try (ServedTeacher teacher = open("")) {
      server.fault = (exchange, request) -> scores(exchange) && endless(exchange, request);
      DataException e = assertThrows(DataException.class, () -> teacher.read(batch(), TOP_5));
      assertTrue(e.getMessage().contains("more than"), e.getMessage());
    }
  }

  private static boolean endless(HttpExchange exchange, JsonNode request) throws IOException {
    assertTrue(request.has("prompt"));
    exchange.sendResponseHeaders(200, 0);
    byte[] block = " ".repeat(1 << 16).getBytes(UTF_8);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("{\"padding\":\"".getBytes(UTF_8));
      for (int i = 0; i < 1 << 14; i++) { // 1 GB, if it is let
        out.write(block);
      }
    } catch (IOException e) {
      return true; // The other side has had enough.
    }
    throw new IllegalStateException("1 GB was read");
  }
}
