package dev.stillhouse.pipeline.job.migrate;

import dev.stillhouse.pipeline.job.ExtractedShard;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.verify.MigrationError;
import dev.stillhouse.storage.dataset.verify.VerifyingShardReader;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.store.BlobStore;

/**
 * Migrates one shard, in one thread. Its token shard is copied as it is. Its statistics are proved
 * while they are read and written in the other layout. The written shard is read back and compared
 * with the source, value by value. The shard is put first, its receipt last.
 */
final class ShardMigration {
  private final MigratePlan plan;
  private final Manifest source;
  private final ShardBlobs from;
  private final VerifyingShardReader proved;
  private final BlobCopy copy;
  private final BlobStore store;
  private final ShardBlobs written;
  private final Receipts<MigrateReceipt> receipts;
  private final ReceiptCheck check;
  private final Meter meter;

  /**
   * Creates a migration of this dataset's shards.
   *
   * @param opened the source, with all its replicas
   */
  ShardMigration(MigratePlan plan, Dataset opened, JobOutput output) {
    this.plan = plan;
    this.source = opened.manifest();
    this.from = new ShardBlobs(opened.reader());
    this.proved = new VerifyingShardReader(from, source);
    this.copy = new BlobCopy(opened.reader(), output.home());
    this.store = output.home();
    this.written = output.blobs();
    this.receipts = output.receipts(plan.receipts(), MigrateReceipt.class);
    this.check = new ReceiptCheck(plan.output(), output);
    this.meter = output.context().meter(MigrateFn.STAGE);
  }

  /** Migrates the shard, unless a true receipt says that it is done. */
  MigrateReceipt run(ShardTask task) {
    meter.checkStop();
    copy.putMissing(task.tokens().live());
    MigrateReceipt receipt =
        receipts
            .find(task.receipt(), found -> check.accept(task, found.shard()))
            .orElseGet(() -> migrate(task));
    meter.add(task.tokens().positions());
    return receipt;
  }

  private MigrateReceipt migrate(ShardTask task) {
    ShardRecord old = source.shardOf(task.firstSequence());
    ShardRecord fresh = write(old, task);
    MigrationError error = compare(old, fresh);
    return receipts.put(task.receipt(), new MigrateReceipt(fresh, error.bound(), error.largest()));
  }

  private ShardRecord write(ShardRecord old, ShardTask task) {
    try (ExtractedShard shard = new ExtractedShard(plan.output(), store, task)) {
      proved.read(
          old,
          batch -> {
            meter.checkStop();
            shard.write(batch);
          });
      ShardRecord put = shard.put();
      if (!put.fingerprint().equals(old.fingerprint())) {
        throw DataException.of(
            "%s: its fingerprint became %s, it was %s",
            old.key(), put.fingerprint(), old.fingerprint());
      }
      // The same sums, to the last bit: in which batches they were added does not matter then.
      return new ShardRecord(
          put.blob(), put.firstSequence(), put.fingerprint(), old.totals(), put.tokens());
    }
  }

  private MigrationError compare(ShardRecord old, ShardRecord fresh) {
    MigrationError error = new MigrationError(Layouts.named(plan.output().identity().layout()));
    int step = proved.step(old);
    for (int row = 0; row < old.sequences(); row += step) {
      meter.checkStop();
      int to = Math.min(row + step, old.sequences());
      error.accept(from.read(source, old, row, to, Projection.ALL), written.read(fresh, row, to));
    }
    return error;
  }
}
