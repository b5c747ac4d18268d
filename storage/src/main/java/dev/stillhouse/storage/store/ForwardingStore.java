package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Forwards every request to another store. A decorator extends it and overrides only what it
 * changes. {@link #list} is not forwarded: it follows from {@link #blobs}, so that a decorator
 * changes both by overriding one.
 */
public abstract class ForwardingStore implements BlobStore {
  /** The store that answers. */
  protected final BlobStore store;

  /**
   * Creates a store that forwards to another and closes it when it is closed.
   *
   * @param store the store that answers
   */
  protected ForwardingStore(BlobStore store) {
    this.store = store;
  }

  /**
   * Returns the first store, from the outside on, that is no decorator of this type. Decorators of
   * other types stay in place.
   */
  public static BlobStore unwrap(BlobStore store, Class<? extends ForwardingStore> decorator) {
    BlobStore inner = store;
    while (decorator.isInstance(inner)) {
      inner = decorator.cast(inner).store;
    }
    return inner;
  }

  @Override
  public String region() {
    return store.region();
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    return store.putIfAbsent(key, file);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    return store.putIfAbsent(key, bytes);
  }

  @Override
  public void replace(String key, Path file) {
    store.replace(key, file);
  }

  @Override
  public Optional<String> unavailableReason() {
    return store.unavailableReason();
  }

  @Override
  public OptionalLong size(String key) {
    return store.size(key);
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    return store.read(key, ranges);
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    return store.blobs(prefix);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public Path scratch() {
    return store.scratch();
  }

  @Override
  public List<Leftover> leftovers() {
    return store.leftovers();
  }

  @Override
  public void provePutIfAbsent() {
    store.provePutIfAbsent();
  }

  @Override
  public ExtraRequests drainExtraRequests() {
    return store.drainExtraRequests();
  }

  @Override
  public void close() {
    store.close();
  }
}
