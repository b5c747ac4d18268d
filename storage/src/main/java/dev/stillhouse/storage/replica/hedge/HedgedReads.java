package dev.stillhouse.storage.replica.hedge;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.Timers;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads ranges from stores by {@link HedgedRead}. All reads share one budget, and each region its
 * health. No thread waits: answers and timers drive it. Safe for many threads.
 */
public final class HedgedReads {
  private final Timers timers;
  private final HedgeRules rules;
  private final HedgeBudget budget;
  private final Map<String, RegionHealth> regions = new HashMap<>();

  /** Creates reads that have no history. */
  public HedgedReads(Timers timers, HedgeRules rules) {
    this.timers = timers;
    this.rules = rules;
    this.budget = new HedgeBudget(rules.share(), rules.burst());
  }

  /**
   * A replica that may be asked. The same store may be named twice: its second request is another
   * connection.
   *
   * @param store that has the blob
   * @param seconds that the read is expected to take, above 0. What counts is that it grows with
   *     the bytes as the time does: a constant factor is learnt
   */
  public record Candidate(BlobStore store, double seconds) {}

  /** How a request ended. */
  public enum End {
    /** Its answer was right, and was taken. */
    TAKEN,
    /** Another was faster, or the result was not needed. */
    CANCELLED,
    /** It failed, or its answer was wrong. */
    FAILED
  }

  /**
   * A request that was sent, for the ledger.
   *
   * @param candidate index of the replica
   * @param crossed bytes; all that were asked for if the store does not know it
   */
  public record Tried(int candidate, BlobStore store, double seconds, long crossed, End end) {}

  /**
   * An answer.
   *
   * @param bytes of the range
   * @param candidate index of the replica that it is from
   * @param hedged whether two replicas were asked for it
   * @param tried all requests, in the order in which they were sent
   */
  public record Answer(
      ByteBuffer bytes, int candidate, boolean hedged, ImmutableList<Tried> tried) {}

  /** Books each request when it has ended, before the read's result is there. */
  public interface Booking {
    /** Books nothing. */
    Booking NONE = (tried, reason) -> {};

    /**
     * Books a request.
     *
     * @param reason why it failed, if it did
     */
    void ended(Tried tried, Optional<DataException> reason);
  }

  /** Accepts an answer or refuses it. */
  public interface Check {
    /** Accepts bytes of the right length. */
    Check NONE = bytes -> {};

    /** Throws a {@link dev.stillhouse.storage.DataException} if the bytes are wrong. */
    void accept(ByteBuffer bytes);
  }

  /**
   * Reads a range from the first replica whose answer is right. Cancelling the result ends all its
   * requests. The check runs in the thread that brings the answer, and so does what depends on the
   * result.
   *
   * @param candidates best first
   * @param booking books each request
   * @return fails with {@link dev.stillhouse.storage.store.UnreadableBlobException} if none serves,
   *     or with the one's own error
   */
  public CompletableFuture<Answer> read(
      String key, ByteRange range, List<Candidate> candidates, Check check, Booking booking) {
    PendingRead read = new PendingRead(this, key, range, candidates, check, booking);
    read.start();
    return read.result();
  }

  Timers timers() {
    return timers;
  }

  /** Creates the machine of a read. Called under the lock, which is this object. */
  HedgedRead machine(List<Candidate> candidates, long bytes) {
    List<HedgedRead.Replica> replicas =
        candidates.stream()
            .map(
                candidate ->
                    new HedgedRead.Replica(
                        regions.computeIfAbsent(
                            candidate.store().region(), region -> new RegionHealth(rules)),
                        candidate.seconds()))
            .toList();
    return new HedgedRead(replicas, bytes, rules, budget);
  }
}
