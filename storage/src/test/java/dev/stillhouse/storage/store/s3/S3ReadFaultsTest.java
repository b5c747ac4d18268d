package dev.stillhouse.storage.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ticker;
import com.sun.net.httpserver.HttpExchange;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store makes of a server that sends other bytes than were asked for, or too slowly. */
@Timeout(300)
class S3ReadFaultsTest extends S3BehindFront {
  @Test
  void aServerThatIgnoresRangesIsRefusedBeforeItsBytesAreKept() {
    assertTrue(store.putIfAbsent("a", new byte[100]));
    front.fault(
        (exchange, server) -> {
          S3Front.send(exchange, 200, new byte[100]);
          return true;
        });
    assertTrue(message(readError(new ByteRange(10, 5))).contains("answers with 100 bytes"));
    assertTrue(message(readError(new ByteRange(0, 99))).contains("answers with 100 bytes"));
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
      assertTrue(message(readError(range)).contains("asked for"), range.toString());
    }
  }

  @Test
  void aBodyThatBreaksOffIsReadAgain() {
    assertTrue(store.putIfAbsent("a", bytes("0123456789")));
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

  /** Byte after byte, for ever: the next region serves. */
  @Test
  void aServerThatTricklesIsLate() {
    assertTrue(store.putIfAbsent("a", bytes("0123456789")));
    try (MemoryStore other = new MemoryStore("other")) {
      other.putIfAbsent("a", bytes("0123456789"));
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
              ReadContext.ANYWHERE,
              new Ledger(),
              Ticker.systemTicker(),
              Duration.ofSeconds(2));
      assertEquals(
          ByteBuffer.wrap(bytes("0123")), reader.read("a", List.of(new ByteRange(0, 4))).get(0));
    }
  }
}
