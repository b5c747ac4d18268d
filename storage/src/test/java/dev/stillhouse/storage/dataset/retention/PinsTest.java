package dev.stillhouse.storage.dataset.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinsTest {
  private static final Pin PIN = Pin.of(3, Instant.parse("2026-01-31T12:00:00Z"));

  private final MemoryStore home = new MemoryStore("home");
  private final Pins pins = new Pins(home, new Ledger());

  @AfterEach
  void close() {
    home.close();
  }

  @Test
  void isReadAsItWasPut() {
    assertEquals(Optional.empty(), pins.read("student"));
    pins.put("student", PIN);
    pins.put("student", PIN);
    assertEquals(Optional.of(PIN), pins.read("student"));
    assertEquals(Map.of("pins/student.json", PIN), pins.all().pins());
  }

  @Test
  void isNeverChanged() {
    pins.put("student", PIN);
    Pin other = Pin.of(4, PIN.end());
    DataException error = assertThrows(DataException.class, () -> pins.put("student", other));
    assertTrue(error.getMessage().contains("another name"), error.getMessage());
    assertEquals(Optional.of(PIN), pins.read("student"));
  }

  @Test
  void aStoreThatOverwritesIsRefusedBeforeTheFirstPut() {
    BlobStore overwriting =
        (BlobStore)
            Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("provePutIfAbsent")) {
                    throw new DataException("it overwrites");
                  }
                  return method.invoke(home, arguments);
                });
    Pins there = new Pins(overwriting, new Ledger());
    DataException error = assertThrows(DataException.class, () -> there.put("student", PIN));
    assertEquals("it overwrites", error.getMessage());
    assertEquals(Set.of(), Set.copyOf(home.list("")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/b", "/x", "-x", "a b", "a\u0000", "%2e"})
  void aNameIsPlain(String name) {
    assertThrows(DataException.class, () -> pins.put(name, PIN));
    assertEquals(Set.of(), Set.copyOf(home.list("")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"format\":\"stillhouse-pin-2\",\"version\":1,\"expires\":\"2026-01-31T12:00:00Z\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":0,\"expires\":\"2026-01-31T12:00:00Z\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":-1,\"expires\":\"2026-01-31T12:00:00Z\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1e99,\"expires\":\"2026-01-31T12:00:00Z\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1,\"expires\":\"tomorrow\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1,\"expires\":\"+9999999999-01-01T00:00:00Z\"}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1,\"expires\":null}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1}",
        "{\"format\":\"stillhouse-pin-1\",\"version\":1,\"expires\":\"2026-01-31T12:00:00Z\",\"x\":1}"
      })
  void whatIsNoLeaseIsNamed(String json) {
    assertTrue(home.putIfAbsent("pins/x.json", json.getBytes(UTF_8)));
    DataException error = assertThrows(DataException.class, () -> pins.read("x"));
    assertTrue(error.getMessage().contains("pins/x.json"), error.getMessage());
    assertEquals(Set.of("pins/x.json"), pins.all().unreadable().keySet());
  }

  @Test
  void aHugeOneIsNotRead() {
    assertTrue(home.putIfAbsent("pins/x.json", new byte[1 << 20]));
    assertEquals(Set.of("pins/x.json"), pins.all().unreadable().keySet());
  }
}
