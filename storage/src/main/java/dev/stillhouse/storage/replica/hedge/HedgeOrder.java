package dev.stillhouse.storage.replica.hedge;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.replica.hedge.HedgedRead.Replica;
import dev.stillhouse.storage.replica.hedge.RegionBreaker.Pass;
import java.util.List;

/** The replicas of a read that were not asked yet, best first. */
final class HedgeOrder {
  private final ImmutableList<Replica> replicas;
  private final boolean[] asked;

  HedgeOrder(List<Replica> replicas) {
    this.replicas = ImmutableList.copyOf(replicas);
    this.asked = new boolean[replicas.size()];
  }

  /** Returns a replica, which is asked from now on. */
  Replica ask(int number) {
    asked[number] = true;
    return replicas.get(number);
  }

  /** Returns the next replica; -1 if none is left. Regions that do not answer come last. */
  int next(long now) {
    int other = -1;
    for (int i = 0; i < asked.length; i++) {
      if (!asked[i]) {
        if (pass(i, now) != Pass.OPEN) {
          return i;
        }
        other = other < 0 ? i : other;
      }
    }
    return other;
  }

  /** Returns the next replica whose region answers; -1 if none is left. */
  int nextThatAnswers(long now) {
    for (int i = 0; i < asked.length; i++) {
      if (!asked[i] && pass(i, now) == Pass.CLOSED) {
        return i;
      }
    }
    return -1;
  }

  private Pass pass(int number, long now) {
    return replicas.get(number).health().breaker().look(now);
  }
}
