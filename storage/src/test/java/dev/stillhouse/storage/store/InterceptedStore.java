package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Passes each request to another store through one method, which may make it fail. */
abstract class InterceptedStore extends ForwardingStore {
  InterceptedStore(BlobStore store) {
    super(store);
  }

  /**
   * Sends a request, or fails.
   *
   * @param what for errors, as in "write KEY"
   */
  abstract <T> T request(String what, Supplier<T> request);

  private void request(String what, Runnable request) {
    boolean unused =
        request(
            what,
            () -> {
              request.run();
              return true;
            });
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
    request("replace " + key, () -> store.replace(key, file));
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
    request("delete " + key, () -> store.delete(key));
  }
}
