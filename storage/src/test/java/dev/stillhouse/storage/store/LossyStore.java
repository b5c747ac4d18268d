package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;
import java.util.function.Supplier;

/** A store over a bad line: requests or their answers are lost, as its owner decides. */
public final class LossyStore extends InterceptedStore {
  private final Supplier<Fate> fates;

  /** What becomes of a request. */
  public enum Fate {
    ANSWERED,
    /** The request never came to the store. */
    REQUEST_LOST,
    /** The store has done it, and its answer never came. */
    ANSWER_LOST
  }

  /**
   * Puts a bad line before {@code store}.
   *
   * @param fates asked for each request; safe for many threads
   */
  public LossyStore(BlobStore store, Supplier<Fate> fates) {
    super(store);
    this.fates = fates;
  }

  @Override
  <T> T request(String what, Supplier<T> request) {
    Fate fate = fates.get();
    if (fate == Fate.REQUEST_LOST) {
      throw lost(what, fate);
    }
    T answer = request.get();
    if (fate == Fate.ANSWER_LOST) {
      throw lost(what, fate);
    }
    return answer;
  }

  private DataException lost(String what, Fate fate) {
    return DataException.of("cannot %s in region %s: %s", what, region(), fate);
  }
}
