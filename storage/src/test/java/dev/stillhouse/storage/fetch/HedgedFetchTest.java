package dev.stillhouse.storage.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.FetchedRange;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.HostileStore;
import dev.stillhouse.storage.store.VirtualTimers;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A reader that fetches ahead asks a second replica when the first is late; all of it is booked.
 */
@Timeout(60)
class HedgedFetchTest {
  private static final ByteRange RANGE = new ByteRange(0, 5);

  private final VirtualTimers timers = new VirtualTimers();
  private final MemoryStore home = new MemoryStore("home");
  private final MemoryStore copy = new MemoryStore("copy");
  private final Ledger ledger = new Ledger();

  HedgedFetchTest() {
    home.putIfAbsent("k", "right".getBytes(UTF_8));
    copy.putIfAbsent("k", "right".getBytes(UTF_8));
  }

  private FetchedRange fetch(BlobStore... stores) {
    ReplicaReader reader = new ReplicaReader(List.of(stores), ReadContext.ANYWHERE, ledger, timers);
    CompletableFuture<FetchedRange> result = reader.fetch("k", RANGE);
    while (!result.isDone()) {
      assertTrue(timers.step(), "nothing is left to happen");
    }
    return result.join();
  }

  private BlobStore behind(BlobStore store, double seconds) {
    return new LinkedStore(store, timers, seconds, 1e9);
  }

  private static String text(FetchedRange fetched) {
    return UTF_8.decode(fetched.bytes().duplicate()).toString();
  }

  @Test
  void aSilentReplicaIsPassedOverBeforeItsDeadline() {
    BlobStore silent = new HostileStore(home, HostileStore.Kind.HANGS, new byte[0]);
    assertEquals("right", text(fetch(silent, behind(copy, 0.1))));
    assertTrue(timers.nanos() < 5_000_000_000L, timers.nanos() / 1e9 + " s");
    assertEquals(2, ledger.sum().requests());
    // The store does not say what had crossed when it was cancelled, so all of it counts.
    assertEquals(10, ledger.sum().bytes());
  }

  @Test
  void aQuickReplicaIsAskedAlone() {
    assertEquals("right", text(fetch(behind(home, 0.05), behind(copy, 0.01))));
    assertEquals(1, ledger.sum().requests());
    assertEquals("home", ledger.entries().get(0).region());
  }

  @Test
  void aFailureIsBookedAndTheNextOneServes() {
    BlobStore wrong = new HostileStore(home, HostileStore.Kind.SHORT, new byte[0]);
    assertEquals("right", text(fetch(behind(wrong, 0.1), behind(copy, 0.1))));
    assertEquals(2, ledger.sum().requests());
    assertEquals(1, ledger.damagedCopies().size());
  }

  /** The loser of two is ended, so that nothing of it is left. */
  @Test
  void theLaterOneIsCancelled() {
    CompletableFuture<List<ByteBuffer>> never = new CompletableFuture<>();
    BlobStore silent =
        new ForwardingStore(home) {
          @Override
          public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
            return never;
          }
        };
    fetch(silent, behind(copy, 0.1));
    assertTrue(never.isCancelled());
  }
}
