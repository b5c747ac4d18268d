package dev.stillhouse.storage.region;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import com.google.common.base.Ticker;
import com.sun.net.httpserver.HttpExchange;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** What a store makes of a server that is busy, broken, slow or hostile. */
class S3FaultsTest {
  private static final String TOKEN = "canary-token-91d2";

  private final S3Front front = new S3Front(S3Server.shared().endpoint());
  private RegionStore store = new MemoryStore("unset");

  @BeforeEach
  void open() {
    store =
        new S3Store(
            "here",
            new S3Name(S3Server.BUCKET, UUID.randomUUID().toString()),
            () ->
                S3Connection.of(
                    S3AsyncClient.builder()
                        .endpointOverride(URI.create(front.endpoint()))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                            StaticCredentialsProvider.create(
                                AwsSessionCredentials.create(
                                    "canary-id", S3Server.SECRET, TOKEN)))));
  }

  @AfterEach
  void close() {
    store.close();
    front.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private List<ByteBuffer> read(ByteRange... ranges) {
    return store.read("a", List.of(ranges)).join();
  }

  private Throwable readError(ByteRange range) {
    RuntimeException error = assertThrows(RuntimeException.class, () -> read(range));
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private static String told(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  /** Does this to the first requests of a method, and passes the others on. */
  private void first(int count, String method, S3Front.Fault fault) {
    AtomicInteger left = new AtomicInteger(count);
    front.fault(
        (exchange, server) ->
            exchange.getRequestMethod().equals(method)
                && left.getAndDecrement() > 0
                && fault.instead(exchange, server));
  }

  private static S3Front.Fault error(int status, String code) {
    return (exchange, server) -> {
      S3Front.error(exchange, status, code, "no");
      return true;
    };
  }

  @Test
  void aConflictIsTriedAgain() {
    first(3, "PUT", error(409, "ConditionalRequestConflict"));
    assertTrue(store.putNew("a", bytes("x")));
    assertEquals(List.of("PUT", "PUT", "PUT", "PUT"), front.asked());
    assertFalse(store.putNew("a", bytes("y")));
  }

  /** The object is there, but the writer was not told: it must not take itself for a loser. */
  @Test
  void aLostAnswerIsSettledByTheMark() {
    first(
        1,
        "PUT",
        (exchange, server) -> {
          server.ask(exchange);
          return true; // The connection closes without an answer.
        });
    assertTrue(store.putNew("a", bytes("mine")));
    assertEquals(List.of("PUT", "PUT", "HEAD"), front.asked());
    assertArrayEquals(bytes("mine"), read(new ByteRange(0, 4)).get(0).array());
  }

  @Test
  void aLostRequestThatAnotherWriterOvertookIsLost() {
    first(
        1,
        "PUT",
        (exchange, server) -> {
          exchange.getRequestBody().readAllBytes();
          front.fault((unused, alsoUnused) -> false);
          assertTrue(store.putNew("a", bytes("other")));
          return true;
        });
    assertFalse(store.putNew("a", bytes("mine")));
    assertArrayEquals(bytes("other"), read(new ByteRange(0, 5)).get(0).array());
  }

  @ParameterizedTest
  @CsvSource({"503,SlowDown", "500,InternalError", "429,TooManyRequests"})
  void aBusyServerIsAskedAgain(int status, String code) {
    assertTrue(store.putNew("a", bytes("x")));
    first(2, "GET", error(status, code));
    assertEquals("x", UTF_8.decode(read(new ByteRange(0, 1)).get(0)).toString());
    assertEquals(List.of("PUT", "GET bytes=0-0", "GET bytes=0-0", "GET bytes=0-0"), front.asked());
    first(100, "GET", error(status, code));
    assertTrue(told(readError(new ByteRange(0, 1))).contains(status + " " + code));
    assertEquals(8, front.asked().size());
  }

  /** Busy for longer than the few attempts of one request: whoever reads waits. */
  @Test
  @Timeout(120)
  void aServerThatIsBusyForSecondsIsWaitedFor() {
    assertTrue(store.putNew("a", bytes("x")));
    ReplicaReader reader = new ReplicaReader(List.of(store), new Ledger());
    for (Runnable ask :
        List.<Runnable>of(
            () -> assertEquals(1, reader.read("a", List.of(new ByteRange(0, 1))).size()),
            () -> assertTrue(reader.readWhole("a", 10).isPresent()),
            () -> assertEquals(1, reader.size("a").orElse(0)),
            () -> assertEquals(List.of("a"), reader.list("")),
            () -> store.delete("b"),
            () -> assertFalse(store.putNew("a", bytes("y"))))) {
      AtomicInteger left = new AtomicInteger(6);
      front.fault(
          (exchange, server) ->
              left.getAndDecrement() > 0 && error(503, "SlowDown").instead(exchange, server));
      ask.run();
    }
  }

  /** No answer is no loss: only what the server says of a blob is that. */
  @ParameterizedTest
  @CsvSource({
    "403,AccessDenied,REFUSED,s3:GetObject",
    "500,InternalError,UNREACHABLE,500 InternalError",
    "404,NoSuchBucket,UNREACHABLE,no such bucket"
  })
  void whatIsNotReachedIsNotMissing(int status, String code, String why, String told) {
    front.fault(error(status, code));
    ReplicaReader reader = new ReplicaReader(List.of(store), new Ledger());
    NotReachedException error =
        assertThrows(
            NotReachedException.class, () -> reader.read("a", List.of(new ByteRange(0, 1))));
    assertEquals(NotReachedException.Why.valueOf(why), error.why());
    assertTrue(told(error).contains(told), told(error));
    if (!code.equals("NoSuchBucket")) { // A HEAD has no body to say so in.
      assertThrows(NotReachedException.class, () -> reader.size("a"));
      assertThrows(NotReachedException.class, () -> reader.readWhole("a", 10));
    }
    assertThrows(NotReachedException.class, () -> reader.list(""));
  }

  @Test
  @Timeout(60)
  void aServerIsProvedOnce() {
    store.provePutNew();
    int asked = front.asked().size();
    store.provePutNew();
    assertEquals(asked, front.asked().size(), "once is enough");
    assertEquals(List.of(), store.list(""), "the probe is removed");
  }

  @Test
  @Timeout(60)
  void aServerThatOverwritesIsRefused() {
    front.ignoreConditions(true);
    DataException error = assertThrows(DataException.class, store::provePutNew);
    assertTrue(told(error).contains("use a store with conditional writes"), told(error));
    assertEquals(List.of(), store.list(""), "the probe is removed");
  }

  /** Taken for the end it would hide blobs. */
  @Test
  void aListThatIsCutWithoutAContinuationIsAnError() {
    assertTrue(store.putNew("a", bytes("x")));
    front.fault(
        (exchange, server) -> {
          HttpResponse<byte[]> answer = server.ask(exchange);
          String xml = new String(answer.body(), UTF_8);
          assertTrue(xml.contains("<IsTruncated>false<"), xml);
          S3Front.send(
              exchange,
              200,
              xml.replace("<IsTruncated>false<", "<IsTruncated>true<").getBytes(UTF_8));
          return true;
        });
    DataException error = assertThrows(DataException.class, () -> store.list(""));
    assertTrue(told(error).contains("to its end"), told(error));
  }

  @ParameterizedTest
  @CsvSource({
    "403,AccessDenied,no right",
    "403,SignatureDoesNotMatch,credentials are not accepted",
    "403,InvalidAccessKeyId,AWS_ACCESS_KEY_ID",
    "404,NoSuchBucket,no such bucket",
    "301,PermanentRedirect,another region",
    "501,NotImplemented,conditional writes",
    "400,canary <b>,an S3 endpoint",
  })
  void aRefusalIsToldWithAdviceAndNotTriedAgain(int status, String code, String advice) {
    front.fault(error(status, code.replace("<", "&lt;").replace(">", "&gt;")));
    for (Throwable error :
        List.of(
            assertThrows(DataException.class, () -> store.list("")),
            readError(new ByteRange(0, 1)),
            assertThrows(DataException.class, () -> store.putNew("a", bytes("x"))))) {
      String message = String.valueOf(error.getMessage());
      assertTrue(message.contains(advice) && message.contains("here"), message);
      assertFalse(message.contains("canary"), message);
    }
    int attempts = status == 501 ? 4 + 4 + 10 : 3; // 5xx may pass.
    assertEquals(attempts, front.asked().size());
    assertTrue(store.absence().orElseThrow().contains(advice));
  }

  /** A hostile server sends back what it was sent. */
  @Test
  void nothingSecretIsEverTold() {
    front.fault(
        (exchange, server) -> {
          String all = exchange.getRequestHeaders().values().toString();
          assertTrue(all.contains(TOKEN));
          S3Front.error(exchange, 400, all, all);
          return true;
        });
    for (Throwable error :
        List.of(
            assertThrows(DataException.class, () -> store.list("")),
            readError(new ByteRange(0, 1)),
            assertThrows(DataException.class, () -> store.size("a")),
            assertThrows(DataException.class, () -> store.delete("a")),
            assertThrows(DataException.class, () -> store.putNew("a", bytes("x"))))) {
      String all = Throwables.getStackTraceAsString(error) + store + store.absence();
      assertFalse(all.contains("canary") || all.contains("Signature"), all);
    }
  }

  @Test
  void aServerThatIgnoresRangesIsRefusedBeforeItsBytesAreKept() {
    assertTrue(store.putNew("a", new byte[100]));
    front.fault(
        (exchange, server) -> {
          S3Front.send(exchange, 200, new byte[100]);
          return true;
        });
    assertTrue(told(readError(new ByteRange(10, 5))).contains("answers with 100 bytes"));
    assertTrue(told(readError(new ByteRange(0, 99))).contains("answers with 100 bytes"));
    assertEquals(100, read(new ByteRange(0, 100)).get(0).remaining());
    assertInstanceOf(DamagedBlobException.class, readError(new ByteRange(0, 101)));
  }

  @Test
  void otherRangesThanAskedForAreRefused() {
    front.fault(
        (exchange, server) -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 5-9/100");
          S3Front.send(exchange, 206, new byte[5]);
          return true;
        });
    assertEquals(5, read(new ByteRange(5, 5)).get(0).remaining());
    for (ByteRange range : List.of(new ByteRange(0, 5), new ByteRange(5, 4), new ByteRange(5, 6))) {
      assertTrue(told(readError(range)).contains("asked for"), range.toString());
    }
  }

  @Test
  void aBodyThatBreaksOffIsReadAgain() {
    assertTrue(store.putNew("a", bytes("0123456789")));
    first(
        1,
        "GET",
        (exchange, server) -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/10");
          exchange.sendResponseHeaders(206, 10);
          exchange.getResponseBody().write(bytes("wrong"));
          exchange.getResponseBody().flush();
          return true;
        });
    assertEquals("0123456789", UTF_8.decode(read(new ByteRange(0, 10)).get(0)).toString());
  }

  @Test
  void cancellingClosesTheConnection() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    front.fault(
        (exchange, server) -> {
          trickle(exchange, begun, closed);
          return true;
        });
    CompletableFuture<List<ByteBuffer>> read = store.read("a", List.of(new ByteRange(0, 1 << 30)));
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    read.cancel(true);
    assertTrue(closed.await(20, TimeUnit.SECONDS), "the server could go on writing");
  }

  private static void trickle(HttpExchange exchange, CountDownLatch begun, CountDownLatch closed)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Range", "bytes 0-1073741823/1073741824");
    exchange.sendResponseHeaders(206, 1 << 30);
    OutputStream out = exchange.getResponseBody();
    try {
      for (int i = 0; i < 10_000; i++) {
        out.write(new byte[100]);
        out.flush();
        begun.countDown();
        Thread.sleep(2);
      }
    } catch (IOException e) {
      closed.countDown();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anEndpointThatIsNoS3IsSaidToBeNone() {
    front.fault(
        (exchange, server) -> {
          S3Front.send(exchange, 200, bytes("<html>welcome</html>"));
          return true;
        });
    for (Throwable error :
        List.of(
            assertThrows(DataException.class, () -> store.list("")),
            assertThrows(DataException.class, () -> store.size("a")),
            assertThrows(DataException.class, () -> store.putNew("a", bytes("x"))))) {
      assertTrue(told(error).contains("is " + front.endpoint() + " an S3 endpoint?"), told(error));
    }
    assertTrue(store.absence().orElseThrow().contains("an S3 endpoint?"));
    front.fault(
        (exchange, server) -> {
          S3Front.send(exchange, 404, bytes("<html>not found</html>"));
          return true;
        });
    assertTrue(
        assertThrows(DataException.class, () -> store.list(""))
            .getMessage()
            .contains("is " + front.endpoint() + " an S3 endpoint?"));
  }

  @Test
  void foldersAndForeignNamesInTheBucketAreNoBlobs() {
    front.fault(
        (exchange, server) -> {
          String prefix =
              exchange.getRequestURI().getQuery().replaceAll(".*prefix=([^&]*).*", "$1");
          String rest =
              "<Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>";
          StringBuilder xml = new StringBuilder("<ListBucketResult><Name>stillhouse</Name>");
          for (String key :
              List.of("ok", "", "folder/", "../x", ".hidden", "a b", "a//b", "/etc/passwd")) {
            xml.append("<Contents><Key>").append(prefix + key).append("</Key>").append(rest);
          }
          xml.append("<Contents><Key>elsewhere</Key>" + rest + "</ListBucketResult>");
          S3Front.send(exchange, 200, bytes(xml.toString()));
          return true;
        });
    assertEquals(List.of("ok"), store.list(""));
  }

  /** Every request that the server saw is booked, of whatever kind, those sent again too. */
  @Test
  void theLedgerCountsWhatTheServerWasAsked() {
    assertTrue(store.putNew("b/1", bytes("0123456789")));
    assertTrue(store.putNew("b/2", bytes("0123456789")));
    int before = front.asked().size();
    Ledger ledger = new Ledger();
    ReplicaReader reader = new ReplicaReader(List.of(store), ledger);
    first(2, "GET", error(503, "SlowDown"));
    reader.read("b/1", List.of(new ByteRange(0, 2), new ByteRange(4, 2), new ByteRange(8, 2)));
    first(1, "HEAD", error(500, "InternalError"));
    assertEquals(10, reader.size("b/2").orElseThrow());
    reader.readWhole("b/2", 100);
    assertEquals(2, reader.list("b/").size());
    assertThrows(DataException.class, () -> reader.read("b/3", List.of(new ByteRange(0, 1))));
    Ledger.Entry entry = ledger.sum();
    assertEquals(3 + 1 + 1, entry.requests());
    assertEquals(6 + 10, entry.bytes());
    assertEquals(2, entry.looks());
    assertEquals(1, entry.lists());
    assertEquals(3, entry.retries());
    assertEquals(
        front.asked().size() - before,
        entry.requests() + entry.looks() + entry.lists() + entry.retries());
  }

  /** Byte after byte, for ever: the next region serves. */
  @Test
  void aServerThatTricklesIsLate() {
    assertTrue(store.putNew("a", bytes("0123456789")));
    try (MemoryStore other = new MemoryStore("other")) {
      other.putNew("a", bytes("0123456789"));
      front.fault(
          (exchange, server) -> {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-3/10");
            exchange.sendResponseHeaders(206, 4);
            exchange.getResponseBody().write('0');
            exchange.getResponseBody().flush();
            return new CompletableFuture<Boolean>().join(); // Until the test ends.
          });
      ReplicaReader reader =
          new ReplicaReader(
              List.of(store, other),
              Standpoint.ANYWHERE,
              new Ledger(),
              Ticker.systemTicker(),
              Duration.ofSeconds(2));
      assertEquals(
          ByteBuffer.wrap(bytes("0123")), reader.read("a", List.of(new ByteRange(0, 4))).get(0));
    }
  }
}
