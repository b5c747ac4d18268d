package dev.stillhouse.pipeline.job.extract;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.job.BeamRunner;
import dev.stillhouse.pipeline.job.Commit;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.NextVersion;
import dev.stillhouse.pipeline.job.OutputGuard;
import dev.stillhouse.pipeline.job.OutputPlan;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.job.SharedTeachers;
import dev.stillhouse.pipeline.job.TokenBatches;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.job.TokenSource.Description;
import dev.stillhouse.pipeline.job.replicate.PlacedReplica;
import dev.stillhouse.pipeline.job.replicate.Replication;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TeacherDoubt;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.store.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Makes a committed dataset of tokens: plan, extract each shard task, commit. A job that was killed
 * at any moment continues when it is run again; a job that is done does nothing.
 */
public final class ExtractJob {
  private final ExtractRequest request;
  private final JobListener listener;
  private final JobOutput output;
  private final BlobStore home;
  private final ReplicaReader reader;
  private final ShardBlobs blobs;
  private final SharedTeachers teachers;
  private final ManifestLog log;
  private final Replication replication;
  private final Stages stages;
  private OptionalDouble teacherShare = OptionalDouble.empty();

  private ExtractJob(
      ExtractRequest request, JobListener listener, JobOutput output, Stages stages) {
    this.stages = stages;
    this.request = request;
    this.listener = listener;
    this.output = output;
    this.home = output.home();
    this.reader = output.reader();
    this.blobs = output.blobs();
    this.teachers = output.context().teachers();
    this.log = new ManifestLog(home, reader);
    this.replication = new Replication(request.placement(), request.beam(), output, log, listener);
  }

  /**
   * The result.
   *
   * @param manifest the committed version
   * @param regions the result for each region that it was to be replicated to
   * @param ledger cost of this process; workers elsewhere have ledgers of their own
   * @param teacherShare share of this process's time in which it waited for the teacher; empty if
   *     no teacher answered from elsewhere
   */
  public record Extracted(
      Manifest manifest, List<PlacedReplica> regions, Ledger ledger, OptionalDouble teacherShare) {}

  /** The Beam stages of an extraction. After them every shard task has its receipt. */
  interface Stages {
    void run(ExtractPlan plan, List<ShardTask> tasks, Meter meter, List<String> beam);
  }

  /** Runs the job. */
  public static Extracted run(ExtractRequest request, JobListener listener) {
    return run(
        request,
        listener,
        (plan, tasks, meter, beam) ->
            BeamRunner.run("Extract", ShardTask.class, tasks, new ExtractFn(plan), meter, beam));
  }

  public static Extracted run(ExtractRequest request, JobListener listener, Stages stages) {
    check(request);
    try (JobContext context = JobContext.begin();
        JobOutput output = JobOutput.open(context, request.out())) {
      ExtractJob job = new ExtractJob(request, listener, output, stages);
      Manifest manifest = job.run();
      return new Extracted(
          manifest, job.replication.complete(manifest), output.ledger(), job.teacherShare);
    }
  }

  /** Refuses what is not understood, before any work is done. */
  public static void check(ExtractRequest request) {
    BeamRunner.options(request.beam());
    Layouts.named(request.layout());
    Teachers.named(TeacherName.parse(request.teacher()).name());
    StatisticSpec.parse(request.statistic());
  }

  private Manifest run() {
    Description tokens = request.source().describe();
    Selection selection = ForcedIds.select(request.statistic(), tokens.vocabulary());
    NextVersion next = request.append() ? NextVersion.after(base()) : NextVersion.FIRST;
    OutputGuard guard = new OutputGuard(output, log, next, ", or --append to add to it");
    // The teacher may be fitted to the tokens, so its fingerprint is not known yet.
    guard.checkKnown(identity(next, tokens, selection, Optional.empty()));
    if (next.base().isPresent() && next.has(tokens.splits())) {
      return next.base().get();
    }
    if (Teachers.named(TeacherName.parse(request.teacher()).name()).fitted()) {
      return run(next, guard, tokens, selection);
    }
    // Opened before hours of packing, and held: its file may be missing, or made for other tokens.
    try (SharedTeachers.Lease lease = teachers.lease(request.teacher(), "", reader)) {
      lease.teacher().notice().ifPresent(listener::note);
      checkFits(lease.teacher(), selection, tokens);
      guard.checkKnown(identity(next, tokens, selection, Optional.of(lease.teacher())));
      return run(next, guard, tokens, selection);
    }
  }

  private Manifest run(
      NextVersion next, OutputGuard guard, Description tokens, Selection selection) {
    TokenSource.Provided provided = request.source().provide(output, request.beam(), listener);
    List<ShardTask> tasks = tasks(next, provided);
    String blob = teacherBlob(next, tokens, tasks);
    Identity identity;
    List<TeacherDoubt> doubts;
    try (SharedTeachers.Lease lease = teachers.lease(request.teacher(), blob, reader)) {
      checkFits(lease.teacher(), selection, tokens);
      identity = identity(next, tokens, selection, Optional.of(lease.teacher()));
      doubts = doubts(next, lease.teacher(), selection, tasks);
      Optional<Manifest> finished = guard.check(identity);
      if (finished.isPresent()) {
        return finished.get();
      }
      ForcedIds.store(selection, home);
      extract(identity, blob, tokens, tasks, guard.resumed());
    }
    return commit(next, identity, tokens, tasks, provided.skipped(), doubts);
  }

  /**
   * Returns the doubts about the teacher. It is called before the output is claimed, and not again
   * if the work is done already.
   */
  private List<TeacherDoubt> doubts(
      NextVersion next, Teacher teacher, Selection selection, List<ShardTask> tasks) {
    boolean done = next.base().isEmpty() && log.latest().isPresent();
    return done
        ? ImmutableList.of()
        : new TeacherDoubts(request, listener)
            .of(teacher, new TokenBatches(blobs, tasks).iterator().next(), selection);
  }

  /**
   * Checks that the teacher fits. It is called before the output is claimed, so that it stays free
   * for the right teacher.
   */
  private static void checkFits(Teacher teacher, Selection selection, Description tokens) {
    if (teacher instanceof DenseTeacher dense) {
      StatisticsAssembler.check(dense, selection.spec(), tokens.vocabulary());
    } else {
      ((ReducedTeacher) teacher).check(selection);
    }
  }

  /** Returns the version that is appended to. Its teacher must be of the kind that is asked for. */
  private Manifest base() {
    Manifest base =
        log.latest()
            .orElseThrow(
                () ->
                    DataException.of(
                        "%s: no dataset here to append to; leave out --append for its first version",
                        request.out()));
    String there = TeacherName.parse(base.teacher()).name();
    String asked = TeacherName.parse(request.teacher()).name();
    if (!there.equals(asked)) {
      throw DataException.of(
          "%s was made with teacher %s; it cannot be appended to with %s",
          request.out(), there, asked);
    }
    return base;
  }

  private Identity identity(
      NextVersion next, Description tokens, Selection selection, Optional<Teacher> teacher) {
    return tokens.identity(
        next.splits(tokens.splits()),
        teacher.map(Teacher::fingerprint).orElse(OutputGuard.NOT_KNOWN_YET),
        selection.spec(),
        request.layout());
  }

  private static List<ShardTask> tasks(NextVersion next, TokenSource.Provided provided) {
    List<ShardTask> tasks = new ArrayList<>();
    long first = next.firstSequence();
    for (TokenShardRecord shard : provided.shards()) {
      tasks.add(new ShardTask(first, shard));
      first += shard.sequences();
    }
    if (tasks.isEmpty()) {
      throw nothing(provided.skipped());
    }
    return tasks;
  }

  /** Returns the error of a corpus without tokens, with the documents that were left out. */
  static DataException nothing(Skipped skipped) {
    return DataException.of(
        "the corpus has no token to predict: %s",
        skipped.count() == 0
            ? "all its documents are empty"
            : "what could not be read is left out, and nothing remains: " + skipped);
  }

  /**
   * Fits the teacher, if its provider asks for that; returns the sha256 of its blob, or "".
   * Appended positions are asked of the dataset's own teacher: a fitted one has its blob's sha256
   * as its fingerprint.
   */
  private String teacherBlob(NextVersion next, Description tokens, List<ShardTask> tasks) {
    if (next.base().isPresent()) {
      boolean fitted = Teachers.named(TeacherName.parse(request.teacher()).name()).fitted();
      return fitted ? next.base().get().identity().teacher() : "";
    }
    TeacherName name = TeacherName.parse(request.teacher());
    return Teachers.named(name.name())
        .prepare(name.argument(), new TokenBatches(blobs, tasks), tokens.vocabulary())
        .map(
            bytes -> {
              String sha256 = Hashes.sha256(bytes);
              ContentBlob.put(home, SharedTeachers.key(sha256), bytes);
              return sha256;
            })
        .orElse("");
  }

  private OutputPlan plan(Identity identity, Description tokens) {
    return new OutputPlan(
        output.context().job(),
        request.out(),
        identity,
        tokens.vocabulary(),
        tokens.sequenceLength());
  }

  private void extract(
      Identity identity, String blob, Description tokens, List<ShardTask> tasks, boolean resumed) {
    ExtractPlan plan = new ExtractPlan(plan(identity, tokens), request.teacher(), blob, resumed);
    long positions = tasks.stream().mapToLong(task -> task.tokens().positions()).sum();
    Meter meter = output.context().meter(ExtractFn.STAGE);
    try (JobListener.Stage stage = listener.start(ExtractFn.STAGE, "positions", positions, meter)) {
      stages.run(plan, tasks, meter, request.beam());
    }
    teacherShare = meter.waitedShare();
  }

  /** Commits the shards: first the blobs in all requested regions, the manifest last (law 5). */
  private Manifest commit(
      NextVersion next,
      Identity identity,
      Description tokens,
      List<ShardTask> tasks,
      Skipped skipped,
      List<TeacherDoubt> doubts) {
    ReceiptCheck check = new ReceiptCheck(plan(identity, tokens), output);
    List<ShardRecord> records =
        Commit.receipts(output.receipts(identity.hash(), ShardRecord.class), tasks, check::accept);
    Manifest manifest =
        Manifest.of(
                next.number(),
                identity,
                tokens.tokenizerName(),
                TeacherName.parse(request.teacher()).label(),
                tokens.vocabulary(),
                tokens.sequenceLength(),
                next.splits(tokens.splits()),
                next.shards(records.stream().map(ShardRecord::withoutNotes).toList()))
            .with(next.skipped(skipped), next.origins())
            .doubting(next.doubts(doubts))
            .importedAs(next.imported())
            .noting(
                next.notes(
                    records.stream().flatMap(record -> record.teacherNotes().stream()).toList()));
    replication.durable(manifest);
    return Commit.append(
        log,
        reader,
        manifest,
        request.out(),
        request.append() ? "run the same command again" : "choose another --out");
  }
}
