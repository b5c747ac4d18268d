package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.Waits;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store makes of a server that is busy, refuses, or is hostile. */
class S3FaultsTest extends S3BehindFront {
  @ParameterizedTest
  @CsvSource({"503,SlowDown", "500,InternalError", "429,TooManyRequests"})
  void aBusyServerIsAskedAgain(int status, String code) {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    first(2, "GET", error(status, code));
    assertEquals("x", UTF_8.decode(read(new ByteRange(0, 1)).get(0)).toString());
    assertEquals(List.of("PUT", "GET bytes=0-0", "GET bytes=0-0", "GET bytes=0-0"), front.asked());
    first(100, "GET", error(status, code));
    assertTrue(message(readError(new ByteRange(0, 1))).contains(status + " " + code));
    assertEquals(8, front.asked().size());
  }

  /** Busy for longer than the few attempts of one request: whoever reads waits, as in real life. */
  @Test
  @Timeout(120)
  void aServerThatIsBusyForSecondsIsWaitedFor() {
    store.close();
    store = open(Retries.USUAL);
    assertTrue(store.putIfAbsent("a", bytes("x")));
    ReplicaReader reader = new ReplicaReader(List.of(store), new Ledger());
    for (Runnable ask :
        List.<Runnable>of(
            () -> assertEquals(1, reader.read("a", List.of(new ByteRange(0, 1))).size()),
            () -> assertTrue(reader.readWhole("a", 10).isPresent()),
            () -> assertEquals(1, reader.size("a").orElse(0)),
            () -> assertEquals(List.of("a"), reader.list("")),
            () -> store.delete("b"),
            () -> assertFalse(store.putIfAbsent("a", bytes("y"))))) {
      AtomicInteger left = new AtomicInteger(6);
      front.fault(
          (exchange, server) ->
              left.getAndDecrement() > 0 && error(503, "SlowDown").instead(exchange, server));
      ask.run();
    }
  }

  @Test
  void whoWaitsSaysWhatTheServerAnswered() {
    List<String> said = new CopyOnWriteArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    front.fault(
        (exchange, server) -> {
          if (asked.incrementAndGet() > 2) {
            return false;
          }
          Waits.OF_PROCESS.lasting(Duration.ZERO).stream()
              .filter(wait -> wait.startsWith("waited-for in region here at s3://"))
              .forEach(said::add);
          return error(503, "SlowDown").instead(exchange, server);
        });
    assertTrue(store.putIfAbsent("waited-for", bytes("x")));
    assertTrue(said.get(0).matches(".*, for \\d+ s"), said.toString());
    assertTrue(said.get(1).contains(" s (asked again after: "), said.toString());
    assertTrue(said.get(1).contains("503 SlowDown"), said.toString());
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
    assertTrue(message(error).contains(told), message(error));
    if (!code.equals("NoSuchBucket")) { // A HEAD has no body to say so in.
      assertThrows(NotReachedException.class, () -> reader.size("a"));
      assertThrows(NotReachedException.class, () -> reader.readWhole("a", 10));
    }
    assertThrows(NotReachedException.class, () -> reader.list(""));
  }

  /** Taken for the end it would hide blobs. */
  @Test
  void aListThatIsCutWithoutAContinuationIsAnError() {
    assertTrue(store.putIfAbsent("a", bytes("x")));
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
    assertTrue(message(error).contains("to its end"), message(error));
    assertTrue(message(error).contains("no continuation token"), message(error));
  }

  /** A list may lag behind what was just put: it proves nothing of what the store holds. */
  @Test
  void anEmptyListIsNotToldAsAnEmptyStore() {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    front.fault(
        (exchange, server) -> {
          S3Front.send(
              exchange,
              200,
              bytes(
                  "<ListBucketResult><Name>stillhouse</Name><KeyCount>0</KeyCount>"
                      + "<IsTruncated>false</IsTruncated></ListBucketResult>"));
          return true;
        });
    String told = store.unavailableReason().orElseThrow();
    assertTrue(told.contains("lists nothing (it is empty, or its lists lag behind)"), told);
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
            assertThrows(DataException.class, () -> store.putIfAbsent("a", bytes("x"))))) {
      String message = String.valueOf(error.getMessage());
      assertTrue(message.contains(advice) && message.contains("here"), message);
      assertFalse(message.contains("canary"), message);
    }
    int attempts = status == 501 ? 4 + 4 + 10 : 3; // 5xx may pass.
    assertEquals(attempts, front.asked().size());
    assertTrue(store.unavailableReason().orElseThrow().contains(advice));
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
            assertThrows(DataException.class, () -> store.putIfAbsent("a", bytes("x"))))) {
      String all = Throwables.getStackTraceAsString(error) + store + store.unavailableReason();
      assertFalse(all.contains("canary") || all.contains("Signature"), all);
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
            assertThrows(DataException.class, () -> store.putIfAbsent("a", bytes("x"))))) {
      assertTrue(
          message(error).contains("is " + front.endpoint() + " an S3 endpoint?"), message(error));
    }
    assertTrue(store.unavailableReason().orElseThrow().contains("an S3 endpoint?"));
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
    assertTrue(store.putIfAbsent("b/1", bytes("0123456789")));
    assertTrue(store.putIfAbsent("b/2", bytes("0123456789")));
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
    assertEquals(2, entry.heads());
    assertEquals(1, entry.lists());
    assertEquals(3, entry.retries());
    assertEquals(
        front.asked().size() - before,
        entry.requests() + entry.heads() + entry.lists() + entry.retries());
  }
}
