package dev.stillhouse.storage.replica;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.ForwardingStore;
import dev.stillhouse.storage.store.ListedBlob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Books the writes of a store, and direct HEAD requests and lists. Requests of a {@link
 * ReplicaReader} are booked there, where they are waited for.
 */
public final class BookedStore extends ForwardingStore {
  private final Ledger ledger;

  public BookedStore(BlobStore store, Ledger ledger) {
    super(store);
    this.ledger = ledger;
  }

  /** Returns a reader of a store alone, which books in the ledger of the store's writes. */
  public static ReplicaReader readerOf(BlobStore store) {
    Ledger ledger = store instanceof BookedStore booked ? booked.ledger : new Ledger();
    return new ReplicaReader(ImmutableList.of(store), ledger);
  }

  /** Returns the store without bookings, for a caller that books by itself. */
  static BlobStore bare(BlobStore store) {
    return unwrap(store, BookedStore.class);
  }

  private <T> T booked(Supplier<T> request, Function<Double, Ledger.Entry> entry) {
    long start = System.nanoTime();
    try {
      return request.get();
    } finally {
      ledger.book(entry.apply((System.nanoTime() - start) / 1e9));
      ledger.bookExtraRequests(region(), store.drainExtraRequests());
    }
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    long bytes = length(file);
    boolean put = store.putIfAbsent(key, file);
    if (put) {
      ledger.bookWrite(region(), bytes);
    }
    return put;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    boolean put = store.putIfAbsent(key, bytes);
    if (put) {
      ledger.bookWrite(region(), bytes.length);
    }
    return put;
  }

  @Override
  public void replace(String key, Path file) {
    long bytes = length(file);
    store.replace(key, file);
    ledger.bookWrite(region(), bytes);
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public OptionalLong size(String key) {
    return booked(() -> store.size(key), s -> Ledger.Entry.head(region(), s, 0));
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    return booked(() -> store.blobs(prefix), s -> Ledger.Entry.list(region(), s));
  }
}
