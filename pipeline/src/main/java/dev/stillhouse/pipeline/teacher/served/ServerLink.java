package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Strings;
import com.google.common.io.ByteStreams;
import com.google.common.io.Closeables;
import com.google.common.primitives.Longs;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.pipeline.teacher.served.TryAgainException.Kind;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Speaks HTTP with one server: bounds every answer in bytes and time, follows no redirect, and
 * tells what may be tried again ({@link TryAgainException}) from what may not ({@link
 * DataException}). Errors carry the URL, and never the token. For many threads.
 */
final class ServerLink {
  /** Longest time for one answer: a queue of other people's prompts included. */
  static final Duration MAX_ANSWER = Duration.ofMinutes(10);

  private static final Duration MAX_CONNECT = Duration.ofSeconds(10);
  private static final long MAX_RETRY_AFTER = 60;
  private static final int MAX_SMALL = 1 << 20; // bytes of an answer that is no score
  private static final int MAX_MESSAGE = 400; // characters of a server's message

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("stillhouse-late-%d").build());

  private final URI base;
  private final Optional<BearerSecret> secret;
  private final Duration maxAnswer;
  private final HttpClient client;

  ServerLink(URI base, Optional<BearerSecret> secret, Duration maxAnswer) {
    this.base = base;
    this.secret = secret;
    this.maxAnswer = maxAnswer;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(MAX_CONNECT)
            .build();
  }

  /** A response that is not a refusal, read as it comes. */
  interface Reader<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * What a server says instead of an answer.
   *
   * @param status of HTTP
   * @param message its own words, cut
   */
  record Refusal(int status, String message) {}

  /** An answer, or a refusal. */
  record Reply<T>(Optional<T> answer, Optional<Refusal> refusal) {}

  String url() {
    return base.toString();
  }

  /** Asks for a small JSON document. */
  Reply<JsonNode> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build(), this::small, new Cancel());
  }

  /** Sends JSON and reads a small JSON document. */
  Reply<JsonNode> post(String path, String body) throws IOException, InterruptedException {
    return post(path, body.getBytes(UTF_8), this::small, new Cancel());
  }

  /** Sends JSON and reads the answer as it comes. */
  <T> Reply<T> post(String path, byte[] body, Reader<T> reader, Cancel cancel)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        reader,
        cancel);
  }

  private JsonNode small(InputStream body) throws IOException {
    byte[] bytes = ByteStreams.toByteArray(ByteStreams.limit(body, MAX_SMALL + 1));
    if (bytes.length > MAX_SMALL) {
      throw DataException.of("%s: its answer has more than %d bytes", base, MAX_SMALL);
    }
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new DataException(base + ": its answer is no JSON; is it the right server?", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(maxAnswer)
            .header("Accept", "application/json");
    secret.ifPresent(token -> request.header("Authorization", token.header()));
    return request;
  }

  private <T> Reply<T> send(HttpRequest request, Reader<T> reader, Cancel cancel)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw away(e);
    }
    InputStream body = response.body();
    cancel.reading(body);
    long begin = System.nanoTime();
    // A read of the body has no time limit of its own: a server may send a byte a minute.
    Future<?> late =
        CLOCK.schedule(
            () -> Closeables.closeQuietly(body), maxAnswer.toMillis(), TimeUnit.MILLISECONDS);
    try (body) {
      return read(response, reader);
    } catch (IOException | CutAnswerException e) {
      if (Thread.currentThread().isInterrupted() || cancel.isCancelled()) {
        throw new InterruptedException();
      }
      if (e instanceof TryAgainException again) {
        throw again;
      }
      String why =
          System.nanoTime() - begin >= maxAnswer.toNanos()
              ? "its answer was not done after " + maxAnswer.toSeconds() + " s"
              : "its answer broke off (" + e.getMessage() + ")";
      throw new TryAgainException(Kind.FAILED, base + ": " + why, Duration.ZERO, e);
    } finally {
      late.cancel(false);
    }
  }

  /** Parses an answer. */
  interface Parser<T> {
    T parse() throws IOException;
  }

  /** Reads an answer; its errors name the server. */
  <T> T parsing(Parser<T> parser) throws IOException {
    try {
      return parser.parse();
    } catch (CutAnswerException e) {
      throw e;
    } catch (DataException e) {
      throw new DataException(base + ": " + e.getMessage(), e);
    }
  }

  private TryAgainException away(IOException e) {
    String message = Strings.isNullOrEmpty(e.getMessage()) ? "no connection" : e.getMessage();
    return new TryAgainException(Kind.AWAY, base + ": " + message, Duration.ZERO, e);
  }

  private <T> Reply<T> read(HttpResponse<InputStream> response, Reader<T> reader)
      throws IOException {
    int status = response.statusCode();
    String encoding = response.headers().firstValue("content-encoding").orElse("identity");
    if (!encoding.equals("identity")) {
      throw DataException.of(
          "%s: its answer is compressed (%s), which was not asked for; a proxy between may do that",
          base, encoding);
    }
    if (status == 200) {
      return new Reply<>(Optional.of(reader.read(response.body())), Optional.empty());
    }
    if (status >= 300 && status < 400) {
      throw DataException.of(
          "%s: it answers with a redirect (%d), which is not followed, since the token would go"
              + " elsewhere; name the final URL",
          base, status);
    }
    Refusal refusal = new Refusal(status, message(response.body()));
    String said = base + ": status " + status + said(refusal);
    switch (status) {
      case 429 -> throw new TryAgainException(Kind.BUSY, said, after(response), null);
      case 502, 503, 504 -> throw new TryAgainException(Kind.AWAY, said, after(response), null);
      case 500 -> throw new TryAgainException(Kind.FAILED, said, after(response), null);
      case 401 ->
          throw new DataException(
              said
                  + "; "
                  + (secret.isPresent()
                      ? "it does not take this token"
                      : "it wants a token: set " + BearerSecret.VARIABLE + " or token-file=FILE"));
      default -> {
        return new Reply<>(Optional.empty(), Optional.of(refusal));
      }
    }
  }

  private static String said(Refusal refusal) {
    return refusal.message().isEmpty() ? "" : " (" + refusal.message() + ")";
  }

  /** Returns the error of a refusal that has no better explanation. */
  DataException refused(String path, Refusal refusal) {
    return DataException.of("%s%s: status %d%s", base, path, refusal.status(), said(refusal));
  }

  private static Duration after(HttpResponse<?> response) {
    Long seconds = Longs.tryParse(response.headers().firstValue("retry-after").orElse("0").strip());
    return Duration.ofSeconds(
        seconds == null ? 0 : Math.max(0, Math.min(MAX_RETRY_AFTER, seconds)));
  }

  /** Returns a server's words: an error's message, an error as text, a detail, or the beginning. */
  private static String message(InputStream body) throws IOException {
    byte[] bytes = ByteStreams.toByteArray(ByteStreams.limit(body, 1 << 16));
    String text = new String(bytes, UTF_8);
    try {
      JsonNode json = JSON.readTree(text);
      for (String pointer : new String[] {"/error/message", "/error", "/message", "/detail"}) {
        JsonNode found = json == null ? null : json.at(pointer);
        if (found != null && found.isTextual()) {
          text = found.asText();
          break;
        }
      }
    } catch (JsonProcessingException e) {
      text = text.strip(); // A proxy's page, say.
    }
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
  }
}
