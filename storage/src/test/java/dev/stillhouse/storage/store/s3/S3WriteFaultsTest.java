package dev.stillhouse.storage.store.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store makes of a server that loses, or overwrites, what is put. */
class S3WriteFaultsTest extends S3BehindFront {
  @Test
  void aConflictIsTriedAgain() {
    first(3, "PUT", error(409, "ConditionalRequestConflict"));
    assertTrue(store.putIfAbsent("a", bytes("x")));
    assertEquals(List.of("PUT", "PUT", "PUT", "PUT"), front.asked());
    assertFalse(store.putIfAbsent("a", bytes("y")));
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
    assertTrue(store.putIfAbsent("a", bytes("mine")));
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
          assertTrue(store.putIfAbsent("a", bytes("other")));
          return true;
        });
    assertFalse(store.putIfAbsent("a", bytes("mine")));
    assertArrayEquals(bytes("other"), read(new ByteRange(0, 5)).get(0).array());
  }

  @Test
  @Timeout(60)
  void aServerIsProvedOnce() {
    store.provePutIfAbsent();
    int asked = front.asked().size();
    store.provePutIfAbsent();
    assertEquals(asked, front.asked().size(), "once is enough");
    assertEquals(List.of(), store.list(""), "the probe is removed");
  }

  @Test
  @Timeout(60)
  void aServerThatOverwritesIsRefused() {
    front.ignoreConditions(true);
    DataException error = assertThrows(DataException.class, store::provePutIfAbsent);
    assertTrue(message(error).contains("use a store with conditional writes"), message(error));
    assertEquals(List.of(), store.list(""), "the probe is removed");
  }
}
