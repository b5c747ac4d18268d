package dev.stillhouse.pipeline.job.migrate;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.Commit;
import dev.stillhouse.pipeline.job.DistinctStores;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.NextVersion;
import dev.stillhouse.pipeline.job.OutputGuard;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.NeededBlobs;
import dev.stillhouse.storage.manifest.Origin;
import dev.stillhouse.storage.manifest.ReplicaLog;
import dev.stillhouse.storage.manifest.ReplicaRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.StoreName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the same dataset in another layout: plan, migrate each shard, commit. Sequences, their
 * order, the fingerprint and the shards' boundaries stay. A job that was killed at any moment
 * continues when it is run again; a job that is done does nothing.
 */
public final class MigrateJob {
  private final MigrateRequest request;
  private final JobListener listener;
  private final Dataset source;
  private final JobOutput output;
  private final ManifestLog log;
  private final MigratePlan plan;

  private MigrateJob(
      MigrateRequest request,
      Layout layout,
      JobListener listener,
      Dataset source,
      JobOutput output) {
    this.request = request;
    this.listener = listener;
    this.source = source;
    this.output = output;
    this.log = new ManifestLog(output.home(), output.reader());
    Manifest manifest = source.manifest();
    this.plan =
        new MigratePlan(
            new OutputPlan(
                output.context().job(),
                request.out(),
                manifest.identity().in(layout),
                manifest.vocabulary(),
                manifest.sequenceLength()),
            request.dataset(),
            manifest.version(),
            manifest.digest());
  }

  /**
   * The result.
   *
   * @param manifest the committed version; the last of its origins has the added error
   * @param home the region of a topology that the source's home is in, or ""
   * @param absences replicas of the source that were unavailable
   * @param ledger cost of this process; workers elsewhere have ledgers of their own
   */
  public record Migrated(Manifest manifest, String home, List<String> absences, Ledger ledger) {
    /** Returns the dataset that was migrated, with the error that the migration added. */
    public Origin origin() {
      return manifest.origins().get(manifest.origins().size() - 1);
    }
  }

  /** Runs the job. */
  public static Migrated run(MigrateRequest request, JobListener listener) {
    BeamRunner.options(request.beam());
    Layout layout = Layouts.named(request.layout());
    try (JobContext context = JobContext.begin();
        Dataset source = request.open(context.ledger())) {
      check(request, source);
      try (JobOutput output = JobOutput.open(context, request.out())) {
        Manifest manifest = new MigrateJob(request, layout, listener, source, output).run();
        return new Migrated(
            manifest, source.regionList().home(), source.absences(), output.ledger());
      }
    }
  }

  /** Refuses a request that makes no sense, before any work is done. */
  private static void check(MigrateRequest request, Dataset source) {
    if (source.manifest().identity().layout().equals(request.layout())) {
      throw UsageException.of(
          "%s is in layout %s already, there is nothing to migrate; replicate copies a dataset as"
              + " it is",
          request.dataset(), request.layout());
    }
    StoreName out = DistinctStores.real(request.out());
    DistinctStores.apart(
        "--out", out, "the dataset itself", DistinctStores.real(request.dataset()));
    for (ReplicaRecord region : new ReplicaLog(source.home(), source.ledger()).latest().regions()) {
      DistinctStores.apart(
          "--out", out, "region " + region.name(), DistinctStores.real(region.store()));
    }
  }

  private Manifest run() {
    OutputGuard guard =
        new OutputGuard(
            output,
            log,
            NextVersion.FIRST,
            ", or --dataset-version to go on with the version that was migrated");
    Optional<Manifest> finished = guard.check(plan.output().identity());
    if (finished.isPresent()) {
      return fromHere(finished.get());
    }
    List<ShardTask> tasks =
        source.manifest().shards().stream()
            .map(shard -> new ShardTask(shard.firstSequence(), shard.tokens()))
            .toList();
    try {
      bringAlong();
      migrate(tasks);
    } catch (DataException e) {
      throw isDamage(e) || isDamage(e.getCause()) ? unreadable(e) : e;
    }
    return commit(tasks);
  }

  /** Returns the finished dataset, if it was made from this one and not just has its identity. */
  private Manifest fromHere(Manifest finished) {
    List<Origin> origins = finished.origins();
    if (origins.isEmpty() || !origins.get(origins.size() - 1).digest().equals(plan.digest())) {
      throw DataException.of(
          "%s holds a dataset of this identity that was not migrated from %s; choose another --out",
          request.out(), request.dataset());
    }
    return finished;
  }

  /** Copies blobs that no manifest names: the tokenizer, forced ids, a fitted teacher. */
  private void bringAlong() {
    BlobCopy copy = new BlobCopy(source.reader(), output.home());
    NeededBlobs.of(List.of(source.manifest()), source.reader()).forEach(copy::putMissing);
  }

  private void migrate(List<ShardTask> tasks) {
    Meter meter = output.context().meter(MigrateFn.STAGE);
    long positions = tasks.stream().mapToLong(task -> task.tokens().positions()).sum();
    try (JobListener.Stage stage = listener.start(MigrateFn.STAGE, "positions", positions, meter)) {
      BeamRunner.run("Migrate", ShardTask.class, tasks, new MigrateFn(plan), meter, request.beam());
    }
  }

  private static boolean isDamage(@Nullable Throwable e) {
    return e instanceof DamagedBlobException || e instanceof MissingBlobException;
  }

  private DataException unreadable(DataException e) {
    StringBuilder told = new StringBuilder(e.getMessage());
    source
        .ledger()
        .damagedCopies()
        .forEach(
            copy ->
                told.append("\n  damaged in region ")
                    .append(copy.region())
                    .append(" of ")
                    .append(request.dataset())
                    .append(": ")
                    .append(copy.blob()));
    return new DataException(
        told
            + "\nwhat is migrated is kept; repair "
            + request.dataset()
            + " (verify --repair does where it has another region) and run the same command to go"
            + " on",
        e);
  }

  /** Commits the shards; the manifest comes last (law 5). */
  private Manifest commit(List<ShardTask> tasks) {
    ReceiptCheck check = new ReceiptCheck(plan.output(), output);
    List<MigrateReceipt> receipts =
        Commit.receipts(
            output.receipts(plan.receipts(), MigrateReceipt.class),
            tasks,
            (task, receipt) -> check.accept(task, receipt.shard()));
    Manifest old = source.manifest();
    Origin origin =
        new Origin(
            old.digest(),
            old.identity().layout(),
            old.version(),
            receipts.stream().mapToDouble(MigrateReceipt::errorBound).max().orElse(0),
            receipts.stream().mapToDouble(MigrateReceipt::largestError).max().orElse(0));
    Manifest manifest =
        Manifest.of(
                NextVersion.FIRST.number(),
                plan.output().identity(),
                old.tokenizer(),
                old.teacher(),
                old.vocabulary(),
                old.sequenceLength(),
                old.units(),
                receipts.stream().map(MigrateReceipt::shard).toList())
            .with(
                old.skipped(),
                ImmutableList.<Origin>builder().addAll(old.origins()).add(origin).build())
            .doubting(old.teacherDoubts())
            .importedAs(old.imported())
            .noting(old.teacherNotes());
    if (!manifest.fingerprint().equals(old.fingerprint())) {
      throw DataException.of(
          "%s would have fingerprint %s, %s has %s: nothing is committed",
          request.out(), manifest.fingerprint(), request.dataset(), old.fingerprint());
    }
    return Commit.append(log, output.reader(), manifest, request.out(), "choose another --out");
  }
}
