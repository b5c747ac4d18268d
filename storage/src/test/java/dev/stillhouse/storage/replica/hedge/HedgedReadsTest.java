package dev.stillhouse.storage.replica.hedge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Answer;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Candidate;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Check;
import dev.stillhouse.storage.replica.hedge.HedgedReads.End;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Tried;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.Timers;
import dev.stillhouse.storage.store.UnreadableBlobException;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hedged reads of real stores, in real time; tools/bench has them in virtual time. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HedgedReadsTest {
  private static final String KEY = "shards/a";
  private static final byte[] BYTES = {1, 2, 3, 4, 5};
  private static final ByteRange RANGE = new ByteRange(1, 3);

  private final HedgedReads reads = new HedgedReads(Timers.SYSTEM, HedgeRules.DEFAULT);

  /** A store that answers when the test says so. */
  private static final class HeldStore extends ForwardingStore {
    final List<CompletableFuture<List<ByteBuffer>>> held = new ArrayList<>();

    HeldStore(BlobStore store) {
      super(store);
    }

    @Override
    public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
      CompletableFuture<List<ByteBuffer>> answer = new CompletableFuture<>();
      held.add(answer);
      return answer;
    }
  }

  private static BlobStore store(String region) {
    MemoryStore store = new MemoryStore(region);
    assertTrue(store.putIfAbsent(KEY, BYTES));
    return store;
  }

  /** Reads what is never late: a busy machine is slow. */
  private CompletableFuture<Answer> read(Check check, BlobStore... stores) {
    return read(1_000, check, stores);
  }

  private CompletableFuture<Answer> read(double expected, Check check, BlobStore... stores) {
    List<Candidate> candidates = new ArrayList<>();
    for (BlobStore store : stores) {
      candidates.add(new Candidate(store, expected));
    }
    return reads.read(KEY, RANGE, candidates, check, HedgedReads.Booking.NONE);
  }

  private static byte[] bytes(Answer answer) {
    byte[] all = new byte[answer.bytes().remaining()];
    answer.bytes().duplicate().get(all);
    return all;
  }

  @Test
  void theFirstReplicaServes() {
    BlobStore near = store("near");
    Answer answer = read(Check.NONE, near, store("far")).join();
    assertArrayEquals(new byte[] {2, 3, 4}, bytes(answer));
    assertEquals(0, answer.candidate());
    Tried tried = answer.tried().get(0);
    assertEquals(
        List.of(near, 3L, End.TAKEN), List.of(tried.store(), tried.crossed(), tried.end()));
    assertEquals(1, answer.tried().size());
  }

  @Test
  void aLateReplicaIsFollowedByAnotherAndEnded() {
    HeldStore near = new HeldStore(store("near"));
    Answer answer = read(0.001, Check.NONE, near, store("far")).join();
    assertEquals(1, answer.candidate());
    assertTrue(answer.hedged());
    assertTrue(near.held.get(0).isCancelled());
    assertEquals(End.CANCELLED, answer.tried().get(0).end());
    assertEquals(3, answer.tried().get(0).crossed(), "it may have sent all of it");
  }

  @Test
  void aRefusedAnswerIsFollowedByTheNextReplica() {
    List<Integer> seen = new ArrayList<>();
    Check second =
        bytes -> {
          seen.add(bytes.remaining());
          if (seen.size() == 1) {
            throw new DamagedBlobException(KEY, 1, "wrong");
          }
        };
    Answer answer = read(second, store("near"), store("far")).join();
    assertEquals(1, answer.candidate());
    assertEquals(List.of(3, 3), seen);
    assertEquals(End.FAILED, answer.tried().get(0).end());
  }

  @Test
  void aWrongLengthIsNoAnswer() {
    HeldStore near = new HeldStore(store("near"));
    CompletableFuture<Answer> result = read(Check.NONE, near);
    near.held.get(0).complete(List.of(ByteBuffer.allocate(2)));
    CompletionException error = assertThrows(CompletionException.class, result::join);
    assertInstanceOf(DamagedBlobException.class, error.getCause());
  }

  @Test
  void ifNoneServesEachReasonIsTold() {
    CompletableFuture<Answer> result =
        read(Check.NONE, new MemoryStore("near"), new MemoryStore("far"));
    CompletionException error = assertThrows(CompletionException.class, result::join);
    UnreadableBlobException all = assertInstanceOf(UnreadableBlobException.class, error.getCause());
    assertEquals(List.of("near", "far"), all.regions());
    CompletionException one =
        assertThrows(CompletionException.class, read(Check.NONE, new MemoryStore("near"))::join);
    assertInstanceOf(MissingBlobException.class, one.getCause());
  }

  @Test
  void cancellingTheResultEndsItsRequests() {
    HeldStore near = new HeldStore(store("near"));
    CompletableFuture<Answer> result = read(Check.NONE, near);
    assertTrue(result.cancel(true));
    assertTrue(near.held.get(0).isCancelled());
  }
}
