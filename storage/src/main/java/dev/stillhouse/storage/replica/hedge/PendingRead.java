package dev.stillhouse.storage.replica.hedge;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Answer;
import dev.stillhouse.storage.replica.hedge.HedgedReads.Candidate;
import dev.stillhouse.storage.store.StoreThreads;
import dev.stillhouse.storage.store.Timers.Timer;
import dev.stillhouse.storage.store.UnreadableBlobException;
import dev.stillhouse.storage.store.UnreadableBlobException.Failure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One read that is under way. Its machine is used under the lock of all reads; stores are asked,
 * and results completed, outside of it.
 */
final class PendingRead {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final HedgedReads all;
  private final String key;
  private final ByteRange range;
  private final ImmutableList<Candidate> candidates;
  private final HedgedReads.Check check;
  private final HedgedReads.Booking booking;
  private final HedgedRead machine;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();
  private final List<SentRequest> requests = new ArrayList<>();
  private @Nullable Timer timer;
  private long timerDue = Long.MAX_VALUE;

  PendingRead(
      HedgedReads all,
      String key,
      ByteRange range,
      List<Candidate> candidates,
      HedgedReads.Check check,
      HedgedReads.Booking booking) {
    this.all = all;
    this.key = key;
    this.range = range;
    this.candidates = ImmutableList.copyOf(candidates);
    this.check = check;
    this.booking = booking;
    synchronized (all) {
      this.machine = all.machine(candidates, range.length());
    }
  }

  CompletableFuture<Answer> result() {
    return result;
  }

  void start() {
    var unused =
        result.whenComplete(
            (answer, error) -> {
              if (result.isCancelled()) {
                step(machine::cancel, NOTHING);
              }
            });
    step(machine::start, NOTHING);
  }

  /**
   * Reports an event to the machine, and does what it wants.
   *
   * @param bytes the answer, if the event is one
   */
  private void step(LongFunction<List<HedgeAction>> event, ByteBuffer bytes) {
    List<Runnable> outside = new ArrayList<>();
    synchronized (all) {
      long now = all.timers().nanos();
      for (HedgeAction action : event.apply(now)) {
        outside.add(act(action, now, bytes));
      }
      for (SentRequest request : requests) {
        if (request.toBook()) { // Before the result, so that the ledger is right by then.
          outside.add(0, () -> booking.ended(request.tried(), request.reason()));
        }
      }
      setTimer(now);
    }
    outside.forEach(Runnable::run);
  }

  /** Does an action; returns what is left of it to do outside of the lock. */
  private Runnable act(HedgeAction action, long now, ByteBuffer bytes) {
    if (action instanceof HedgeAction.Ask ask) {
      Candidate candidate = candidates.get(ask.replica());
      SentRequest request = new SentRequest(ask.replica(), candidate.store(), now);
      requests.add(request);
      return () -> send(request, ask.request());
    }
    if (action instanceof HedgeAction.Cancel cancel) {
      SentRequest request = requests.get(cancel.request());
      machine.crossed(request.cancel(now, range.length()));
      CompletableFuture<?> future = request.future();
      return () -> SentRequest.stop(future);
    }
    if (action instanceof HedgeAction.Take take) {
      SentRequest winner = requests.get(take.request());
      winner.taken(now, range.length());
      ImmutableList<HedgedReads.Tried> tried =
          requests.stream().map(SentRequest::tried).collect(ImmutableList.toImmutableList());
      Answer answer = new Answer(bytes, winner.candidate, machine.hedge() >= 0, tried);
      return () -> result.complete(answer);
    }
    List<Failure> failures = requests.stream().map(request -> request.failure(key)).toList();
    return () ->
        result.completeExceptionally(
            failures.size() == 1
                ? failures.get(0).reason()
                : new UnreadableBlobException(key, failures));
  }

  private void send(SentRequest request, int number) {
    CompletableFuture<List<ByteBuffer>> future = request.sent(key, range);
    boolean needed;
    synchronized (all) {
      needed = request.keep(future);
    }
    if (!needed) {
      SentRequest.stop(future);
    }
    var unused = future.whenComplete((came, error) -> came(request, number, came, error));
  }

  private void came(
      SentRequest request, int number, List<ByteBuffer> came, @Nullable Throwable error) {
    Throwable cause = error == null ? null : StoreThreads.cause(error);
    if (cause instanceof Error) {
      result.completeExceptionally(cause);
      step(machine::cancel, NOTHING);
    } else if (cause != null) {
      failed(request, number, SentRequest.reason(key, cause));
    } else {
      try {
        ByteBuffer right = SentRequest.checked(key, range, came, check);
        step(now -> machine.answered(number, now), right);
      } catch (DataException e) {
        failed(request, number, e);
      }
    }
  }

  private void failed(SentRequest request, int number, DataException reason) {
    step(
        now -> {
          request.failed(now, reason);
          return machine.failed(number, SentRequest.reached(reason), now);
        },
        NOTHING);
  }

  private void setTimer(long now) {
    long due = machine.due();
    if (due != timerDue) {
      if (timer != null) {
        timer.cancel();
      }
      timerDue = due;
      timer =
          due == Long.MAX_VALUE
              ? null
              : all.timers().after(Math.max(0, due - now), () -> step(this::tick, NOTHING));
    }
  }

  private List<HedgeAction> tick(long now) {
    timer = null;
    timerDue = Long.MAX_VALUE;
    return machine.tick(now);
  }
}
