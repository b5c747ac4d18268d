package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.topology.Link;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A store behind a link, in real time: each range takes round trip + first byte + bytes / rate from
 * when it is sent, and so many are under way at once as the link has slots; every other request
 * takes a round trip. For benchmarks on one machine.
 */
public final class DistantStore extends ForwardingStore {
  private final Link link;
  private final InFlight slots;

  /**
   * Puts a store behind a link.
   *
   * @param inFlight requests that are under way at once; others wait for their turn
   */
  public DistantStore(BlobStore store, Link link, int inFlight) {
    super(store);
    this.link = link;
    this.slots = new InFlight(inFlight);
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    List<CompletableFuture<List<ByteBuffer>>> parts =
        ranges.stream().map(range -> slots.run(() -> one(key, range))).toList();
    CompletableFuture<List<ByteBuffer>> all =
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
            .thenApply(
                done -> {
                  List<ByteBuffer> bytes = new ArrayList<>();
                  parts.forEach(part -> bytes.addAll(part.join()));
                  return bytes;
                });
    parts.forEach(part -> Cancelling.pass(all, part));
    return all;
  }

  private CompletableFuture<List<ByteBuffer>> one(String key, ByteRange range) {
    double seconds =
        link.roundTripSeconds() + link.firstByteSeconds() + range.length() / link.bytesPerSecond();
    Executor later = StoreThreads.after(Math.round(seconds * 1e9));
    CompletableFuture<Void> arrived = CompletableFuture.runAsync(() -> {}, later);
    return store.read(key, List.of(range)).thenCombine(arrived, (bytes, now) -> bytes);
  }

  private void roundTrip() {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.round(link.roundTripSeconds() * 1e9));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted on the way to region " + region(), e);
    }
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    roundTrip();
    return store.putIfAbsent(key, file);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    roundTrip();
    return store.putIfAbsent(key, bytes);
  }

  @Override
  public void replace(String key, Path file) {
    roundTrip();
    store.replace(key, file);
  }

  @Override
  public OptionalLong size(String key) {
    roundTrip();
    return store.size(key);
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    roundTrip();
    return store.blobs(prefix);
  }

  @Override
  public void delete(String key) {
    roundTrip();
    store.delete(key);
  }
}
