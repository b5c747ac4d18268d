package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receipts of finished shard tasks, {@code work/<job>/<task>.json}: they hold results that cannot
 * be known before they are computed, so that a rerun finds them. The first receipt of a shard task
 * wins. A receipt that is false, or is no JSON, is removed with a warning, and its shard task is
 * done again; nothing is lost.
 *
 * @param <T> type of a receipt
 */
public final class Receipts<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
  public static final int MAX_BYTES = 64 << 20;

  private final BlobStore store;
  private final ReplicaReader reader;
  private final String job;
  private final Class<T> type;

  public Receipts(BlobStore store, ReplicaReader reader, String job, Class<T> type) {
    this.store = store;
    this.reader = reader;
    this.job = Hashes.check("job", job);
    this.type = type;
  }

  /**
   * Returns the receipt of a shard task, or nothing if there is none that is true.
   *
   * @param check throws a {@link DataException} that says where the receipt is false
   */
  public Optional<T> find(String task, Consumer<T> check) {
    String key = key(task);
    Optional<byte[]> json = reader.readWhole(key, MAX_BYTES); // A region that fails is no lie.
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      T receipt = Json.record(key, json.get(), type);
      check.accept(receipt);
      return Optional.of(receipt);
    } catch (DataException e) {
      if (NotReachedException.isIn(e)) {
        throw e; // It may be true: nothing was seen that says otherwise.
      }
      LOG.warn("{} is not true and is removed; its task runs again. {}", key, e.getMessage());
      store.delete(key);
      return Optional.empty();
    }
  }

  /** Writes a receipt; returns the one that counts, which is the first. */
  public T put(String task, T receipt) {
    String key = key(task);
    if (store.putIfAbsent(key, Json.record(receipt))) {
      return receipt;
    }
    return reader
        .readWhole(key, MAX_BYTES)
        .map(json -> Json.record(key, json, type))
        .orElseGet(() -> put(task, receipt)); // It was there, and was removed as a lie.
  }

  private String key(String task) {
    return BlobKind.RECEIPT.key(job + "/" + task);
  }
}
