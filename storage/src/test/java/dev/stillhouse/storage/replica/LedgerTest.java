package dev.stillhouse.storage.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ticker;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.CountingStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The ledger says what the stores counted: to the byte and to the request, whatever went wrong. */
class LedgerTest {
  private static final int BLOBS = 6;
  private static final int LENGTH = 500;

  @Property(tries = 60)
  void addsUpWithWhatTheStoresCounted(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int regions) {
    Random random = new Random(seed);
    List<CountingStore> stores = new ArrayList<>();
    for (int r = 0; r < regions; r++) {
      stores.add(new CountingStore(filled(new MemoryStore("r" + r), random)));
    }
    Ledger ledger = new Ledger();
    ReplicaReader reader = new ReplicaReader(List.copyOf(stores), ledger);
    for (int i = 0; i < 40; i++) {
      some(reader, "b/" + random.nextInt(BLOBS), random);
    }
    for (CountingStore store : stores) {
      Ledger.Entry entry =
          ledger.entries().stream()
              .filter(e -> e.region().equals(store.region()))
              .findFirst()
              .orElse(Ledger.Entry.none(store.region()));
      assertEquals(store.bytes(""), entry.bytes());
      assertEquals(store.requests(), entry.requests());
      assertEquals(store.heads(), entry.heads());
      assertEquals(store.lists(), entry.lists());
      store.close();
    }
  }

  /** Programs that were written before {@code heads} had that name find it as {@code looks}. */
  @Test
  void jsonHasTheHeadRequestsUnderBothKeys() throws Exception {
    Ledger ledger = new Ledger();
    try (MemoryStore store = new MemoryStore("home")) {
      new ReplicaReader(List.of(store), ledger).list("b/");
    }
    ledger.book(Ledger.Entry.head("home", 0.5, 0));
    ledger.book(Ledger.Entry.head("home", 0.25, 0));
    JsonNode json = new ObjectMapper().readTree(Json.line(ledger.entries().get(0)));
    assertEquals(2, json.path("heads").asLong());
    assertEquals(json.get("heads"), json.get("looks"));
    assertEquals(1, json.path("lists").asLong());
    assertFalse(json.has("headsByOldKey"), json.toString());
  }

  /** Some blobs are missing, some another's bytes, some too short. */
  private static BlobStore filled(BlobStore store, Random random) {
    for (int blob = 0; blob < BLOBS; blob++) {
      byte[] bytes = new byte[random.nextInt(4) == 0 ? LENGTH / 2 : LENGTH];
      Arrays.fill(bytes, (byte) (random.nextInt(4) == 0 ? 99 : blob));
      if (random.nextInt(4) > 0) {
        assertTrue(store.putIfAbsent("b/" + blob, bytes));
      }
    }
    return store;
  }

  private static void some(ReplicaReader reader, String key, Random random) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      int from = random.nextInt(LENGTH);
      ranges.add(new ByteRange(from, random.nextInt(LENGTH - from)));
    }
    try {
      switch (random.nextInt(5)) {
        case 0 -> reader.size(key);
        case 1 -> reader.list("b/");
        case 2 -> reader.check(key, Hashing.sha256().hashInt(random.nextInt()).toString());
        case 3 -> reader.readWhole(key, random.nextInt(2 * LENGTH));
        default ->
            reader.read(
                key,
                ranges,
                bytes -> {
                  if (bytes.stream().anyMatch(b -> b.hasRemaining() && b.get(b.position()) == 99)) {
                    throw new DamagedBlobException(key, 0, "another blob's");
                  }
                  return bytes;
                });
      }
    } catch (DataException e) {
      assertTrue(e.getMessage().contains(key), e.getMessage());
    }
  }

  @Test
  void sumAndDifference() {
    Ledger ledger = new Ledger();
    ledger.book(Ledger.Entry.read("a", 1, 10, 0.5, 0.25, 2));
    ledger.book(Ledger.Entry.head("b", 0.25, 1));
    Ledger.Entry before = ledger.sum();
    ledger.bookExtraRequests("a", new BlobStore.ExtraRequests(2, 3));
    ledger.bookWrite("b", 7);
    assertEquals(new Ledger.Entry("", 0, 0, 0, 0, 0, 2, 0, 3, 1, 7), ledger.sum().minus(before));
    assertEquals(new Ledger.Entry("", 1, 10, 0.75, 0.25, 3, 2, 1, 3, 1, 7), ledger.sum());
  }

  @Test
  void aClockThatGoesBackTakesNoSecondsOff() {
    AtomicLong nanoseconds = new AtomicLong();
    Ticker back =
        new Ticker() {
          @Override
          public long read() {
            return nanoseconds.addAndGet(-1_000_000_000);
          }
        };
    try (MemoryStore store = new MemoryStore("here")) {
      assertTrue(store.putIfAbsent("k", new byte[10]));
      Ledger ledger = new Ledger();
      ReplicaReader reader =
          new ReplicaReader(
              List.of(store), ReadContext.ANYWHERE, ledger, back, Duration.ofSeconds(5));
      assertTrue(reader.readWhole("k", 10).isPresent());
      assertTrue(ledger.entries().stream().allMatch(e -> e.seconds() >= 0));
    }
  }
}
