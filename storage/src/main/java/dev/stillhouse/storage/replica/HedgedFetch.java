package dev.stillhouse.storage.replica;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.hedge.HedgeRules;
import dev.stillhouse.storage.replica.hedge.HedgedReads;
import dev.stillhouse.storage.store.Cancelling;
import dev.stillhouse.storage.store.Timers;
import dev.stillhouse.storage.store.Waits;
import dev.stillhouse.storage.topology.ReadPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Fetches ranges without a thread that waits: from the replica that costs least, from the next one
 * where that fails, and from both where it is late. All fetches share one budget of such second
 * requests.
 */
final class HedgedFetch {
  private final ReplicaSelector copies;
  private final Fetch fetch;
  private final HedgedReads reads;

  HedgedFetch(ReplicaSelector copies, Fetch fetch, Timers timers) {
    this.copies = copies;
    this.fetch = fetch;
    HedgeRules rules = HedgeRules.DEFAULT;
    this.reads =
        new HedgedReads(
            timers,
            new HedgeRules(
                rules.percentile(),
                rules.share(),
                rules.burst(),
                rules.memory(),
                fetch.patience()));
  }

  /** Begins to fetch a range. Cancelling the result ends its requests. */
  CompletableFuture<FetchedRange> fetch(ByteRange range, ReadAttempts attempts) {
    List<ReplicaSelector.Choice> choices = copies.inOrder(List.of(range), attempts);
    ReadPlan plan = new ReadPlan(ImmutableList.of(range));
    List<HedgedReads.Candidate> candidates =
        choices.stream()
            .map(ReplicaSelector.Choice::route)
            .map(route -> new HedgedReads.Candidate(route.store(), route.expectedSeconds(plan)))
            .toList();
    Waits.Wait wait = Waits.OF_PROCESS.on(attempts.key());
    CompletableFuture<HedgedReads.Answer> sent =
        reads.read(
            attempts.key(),
            range,
            candidates,
            HedgedReads.Check.NONE,
            (tried, reason) ->
                book(choices.get(tried.candidate()).route(), plan, tried, reason, attempts));
    CompletableFuture<FetchedRange> fetched =
        sent.thenApply(
            answer ->
                new FetchedRange(
                    answer.bytes(), Optional.of(choices.get(answer.candidate()).route())));
    Cancelling.pass(fetched, sent);
    return fetched.whenComplete((bytes, error) -> wait.close());
  }

  private void book(
      Replica route,
      ReadPlan plan,
      HedgedReads.Tried tried,
      Optional<DataException> reason,
      ReadAttempts attempts) {
    fetch.book(route, 1, tried.crossed(), tried.seconds(), route.seconds(plan));
    if (tried.end() == HedgedReads.End.TAKEN) {
      copies.served(route);
      route.observe(plan, tried.seconds());
    }
    reason.ifPresent(why -> copies.failed(route, attempts, why));
  }
}
