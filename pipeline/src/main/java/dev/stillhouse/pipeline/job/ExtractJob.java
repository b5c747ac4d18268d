package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.extract.PlainExtractor;
import dev.stillhouse.pipeline.job.TokenSource.Description;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Hashes;
import dev.stillhouse.storage.dataset.Identity;
import dev.stillhouse.storage.dataset.Manifest;
import dev.stillhouse.storage.dataset.ManifestLog;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.dataset.TokenShardRecord;
import dev.stillhouse.storage.layout.Layouts;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.Regions;
import dev.stillhouse.storage.region.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * From tokens to a committed dataset: plan, extract each slice, commit. Killed at any moment and
 * run again, it goes on where it was; run again when all is done, it does nothing.
 */
public final class ExtractJob {
  private final ExtractRequest request;
  private final JobListener listener;
  private final RegionStore home;
  private final ReplicaReader reader;
  private final ShardBlobs blobs;
  private final ManifestLog log;

  private ExtractJob(ExtractRequest request, JobListener listener, RegionStore home) {
    this.request = request;
    this.listener = listener;
    this.home = home;
    this.reader = new ReplicaReader(ImmutableList.of(home), new Ledger());
    this.blobs = new ShardBlobs(reader);
    this.log = new ManifestLog(home, reader);
  }

  /** Runs the job; returns the committed version. */
  public static Manifest run(ExtractRequest request, JobListener listener) {
    Beams.options(request.beam());
    Layouts.named(request.layout());
    Teachers.named(TeacherName.parse(request.teacher()).name());
    StatisticSpec.parse(request.statistic());
    try (RegionStore home = Regions.open(request.out())) {
      return new ExtractJob(request, listener, home).run();
    }
  }

  private Manifest run() {
    Description tokens = request.source().describe();
    StatisticSpec statistic =
        StatisticSpec.parse(request.statistic()).checkedAgainst(tokens.vocabulary());
    OutputGuard guard = new OutputGuard(request.out(), home, reader, log);
    // The teacher may be fitted to the tokens, so its fingerprint is not known yet.
    guard.checkKnown(identity(tokens, statistic, Optional.empty()));
    List<TokenShardRecord> shards =
        request.source().provide(home, request.out(), request.beam(), listener);
    List<Slice> slices = slices(shards);
    String blob = prepareTeacher(tokens, slices);
    Identity identity;
    try (SharedTeachers.Lease lease = SharedTeachers.lease(request.teacher(), blob, reader)) {
      identity = identity(tokens, statistic, Optional.of(lease.teacher()));
      Optional<Manifest> finished = guard.check(identity);
      if (finished.isPresent()) {
        return finished.get();
      }
      extract(identity, blob, tokens, slices);
    }
    return commit(identity, blob, tokens, slices);
  }

  private Identity identity(
      Description tokens, StatisticSpec statistic, Optional<Teacher> teacher) {
    return new Identity(
        tokens.corpus(),
        tokens.tokenizer(),
        tokens.packing(),
        teacher.map(Teacher::fingerprint).orElse(OutputGuard.NOT_KNOWN_YET),
        statistic.toString(),
        request.layout(),
        PlainExtractor.ARITHMETIC);
  }

  private static List<Slice> slices(List<TokenShardRecord> shards) {
    List<Slice> slices = new ArrayList<>();
    long first = 0;
    for (TokenShardRecord shard : shards) {
      slices.add(new Slice(first, shard));
      first += shard.sequences();
    }
    if (first == 0) {
      throw new DataException("the corpus has no token to predict: all its documents are empty");
    }
    return slices;
  }

  /** Fits the teacher if it wants that; returns the sha256 of its blob, or "". */
  private String prepareTeacher(Description tokens, List<Slice> slices) {
    TeacherName name = TeacherName.parse(request.teacher());
    return Teachers.named(name.name())
        .prepare(name.argument(), new TokenBatches(blobs, slices), tokens.vocabulary())
        .map(
            bytes -> {
              String sha256 = Hashes.sha256(bytes);
              home.putNew(SharedTeachers.key(sha256), bytes);
              return sha256;
            })
        .orElse("");
  }

  private ExtractPlan plan(Identity identity, String blob, Description tokens) {
    return new ExtractPlan(
        UUID.randomUUID().toString(),
        request.out(),
        identity,
        request.teacher(),
        blob,
        tokens.vocabulary(),
        tokens.sequenceLength());
  }

  private void extract(Identity identity, String blob, Description tokens, List<Slice> slices) {
    ExtractPlan plan = plan(identity, blob, tokens);
    long positions = slices.stream().mapToLong(slice -> slice.tokens().positions()).sum();
    try (JobListener.Stage stage =
        listener.start("extracting", "positions", positions, Meter.of(plan.job()))) {
      Beams.run(
          "Extract",
          Slice.class,
          slices,
          new ExtractFn(plan),
          Meter.of(plan.job()),
          request.beam());
    }
  }

  /** Shards first, manifest last (law 5). */
  private Manifest commit(Identity identity, String blob, Description tokens, List<Slice> slices) {
    Receipts<ShardRecord> receipts =
        new Receipts<>(home, reader, identity.hash(), ShardRecord.class);
    ReceiptCheck check = new ReceiptCheck(plan(identity, blob, tokens), home, blobs);
    List<ShardRecord> records = new ArrayList<>();
    for (Slice slice : slices) {
      records.add(
          receipts
              .find(slice.receipt(), record -> check.accept(slice, record))
              .orElseThrow(
                  () ->
                      DataException.of(
                          "the receipt of sequences from %d on is gone; run the same command again",
                          slice.firstSequence())));
    }
    Manifest manifest =
        Manifest.of(
            1,
            identity,
            tokens.tokenizerName(),
            request.teacher(),
            tokens.vocabulary(),
            tokens.sequenceLength(),
            tokens.units(),
            records);
    return switch (log.append(manifest)) {
      case COMMITTED -> manifest;
      case CONFLICT ->
          throw DataException.of(
              "%s: somebody else committed version 1 meanwhile; choose another --out",
              request.out());
      case UNKNOWN ->
          throw DataException.of(
              "%s: it is not known whether version 1 was committed; run the same command again",
              request.out());
    };
  }
}
