package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStores;

/** The home that a job writes to, with readers of it. Costs are booked in the job's ledger. */
public final class JobOutput implements AutoCloseable {
  private final JobContext context;
  private final String store;
  private final BlobStore home;
  private final ReplicaReader reader;
  private final ShardBlobs blobs;

  /**
   * Creates an output in an open store, which is closed with it.
   *
   * @param store path or URI of {@code home}
   */
  public JobOutput(JobContext context, String store, BlobStore home) {
    this.context = context;
    this.store = store;
    this.home = home;
    this.reader = new ReplicaReader(ImmutableList.of(home), context.ledger());
    this.blobs = new ShardBlobs(reader);
  }

  /** Opens the store; its writes are booked. */
  public static JobOutput open(JobContext context, String store) {
    return new JobOutput(context, store, new BookedStore(BlobStores.open(store), context.ledger()));
  }

  /** Returns the job's context. */
  public JobContext context() {
    return context;
  }

  /** Returns the path or URI of {@link #home}. */
  public String store() {
    return store;
  }

  /** Returns the store. */
  public BlobStore home() {
    return home;
  }

  /** Returns the job's ledger in this JVM. */
  public Ledger ledger() {
    return context.ledger();
  }

  /** Returns the reader of the store's blobs. */
  public ReplicaReader reader() {
    return reader;
  }

  /** Returns the reader of the store's shards. */
  public ShardBlobs blobs() {
    return blobs;
  }

  /**
   * Returns the receipts of the store.
   *
   * @param identity names what they are of
   */
  public <T> Receipts<T> receipts(String identity, Class<T> type) {
    return new Receipts<>(home, reader, identity, type);
  }

  @Override
  public void close() {
    home.close();
  }
}
