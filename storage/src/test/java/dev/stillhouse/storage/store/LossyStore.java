package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A store over a bad line: requests or their answers are lost, as its owner decides. */
public final class LossyStore extends ForwardingStore {
  private final Supplier<Fate> fates;

  /** What becomes of a request. */
  public enum Fate {
    ANSWERED,
    /** It never came to the store. */
    REQUEST_LOST,
    /** The store has done it, and nobody is told. */
    ANSWER_LOST
  }

  /**
   * A bad line to {@code store}.
   *
   * @param fates asked for each request; safe for many threads
   */
  public LossyStore(BlobStore store, Supplier<Fate> fates) {
    super(store);
    this.fates = fates;
  }

  private <T> T request(String what, Supplier<T> request) {
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

  @Override
  public boolean putIfAbsent(String key, Path file) {
    return request("write " + key, () -> store.putIfAbsent(key, file));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    return request("write " + key, () -> store.putIfAbsent(key, bytes));
  }

  @Override
  public void replace(String key, Path file) {
    boolean unused =
        request(
            "replace " + key,
            () -> {
              store.replace(key, file);
              return true;
            });
  }

  @Override
  public OptionalLong size(String key) {
    return request("look at " + key, () -> store.size(key));
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    try {
      return request("read " + key, () -> store.read(key, ranges));
    } catch (DataException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    return request("list " + prefix, () -> store.blobs(prefix));
  }

  @Override
  public void delete(String key) {
    boolean unused =
        request(
            "delete " + key,
            () -> {
              store.delete(key);
              return true;
            });
  }
}
