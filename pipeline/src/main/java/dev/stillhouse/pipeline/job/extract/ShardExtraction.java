package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.job.ExtractedShard;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.ahead.Ahead;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Extracts one shard task: tokens, teacher, extractor, layout writer, in this order and in one
 * thread. A teacher that waits for its answers is asked {@link Ahead} in another thread. The shard
 * is put first, its receipt last.
 */
final class ShardExtraction implements AutoCloseable {
  private final ExtractPlan plan;
  private final BlobStore store;
  private final ShardBlobs blobs;
  private final Receipts<ShardRecord> receipts;
  private final ReceiptCheck check;
  private final Teacher teacher;
  private final Ahead ahead;
  private final Function<TokenBatch, StatisticsBatch> ask;
  private final LongSupplier clock;
  private final Meter meter;

  ShardExtraction(ExtractPlan plan, JobOutput output, Selection selection, Teacher teacher) {
    this(plan, output, selection, teacher, System::nanoTime);
  }

  /** Creates an extraction with another clock, in nanoseconds, for tests. */
  ShardExtraction(
      ExtractPlan plan,
      JobOutput output,
      Selection selection,
      Teacher teacher,
      LongSupplier clock) {
    if (!teacher.fingerprint().equals(plan.output().identity().teacher())) {
      throw DataException.of(
          "teacher %s is another one here: its fingerprint is '%s', the job was planned with '%s';"
              + " put the same file on every machine, and change none while a job runs",
          plan.teacher(), teacher.fingerprint(), plan.output().identity().teacher());
    }
    this.plan = plan;
    this.store = output.home();
    this.blobs = output.blobs();
    this.receipts = output.receipts(plan.output().identity().hash(), ShardRecord.class);
    this.check = new ReceiptCheck(plan.output(), output);
    this.teacher = teacher;
    this.ahead = Ahead.of(teacher, selection);
    this.ask = ask(selection, ahead.teacher());
    this.clock = clock;
    this.meter = output.context().meter(ExtractFn.STAGE);
  }

  /** Returns a function that asks a teacher of either kind for a batch; for one thread. */
  static Function<TokenBatch, StatisticsBatch> ask(Selection selection, Teacher teacher) {
    if (teacher instanceof DenseTeacher dense) {
      return new StatisticsAssembler(dense, selection)::read;
    }
    return batch -> ((ReducedTeacher) teacher).read(batch, selection);
  }

  /** Extracts the shard task, unless a true receipt says that it is done; returns its record. */
  ShardRecord run(ShardTask task) {
    meter.checkStop();
    var done = receipts.find(task.receipt(), record -> check.accept(task, record));
    if (done.isPresent()) {
      meter.add(task.tokens().positions());
      return done.get();
    }
    try (ExtractedShard shard = new ExtractedShard(plan.output(), store, task)) {
      ExtractedParts parts =
          new ExtractedParts(store, plan.output().identity().hash(), task, clock);
      write(task, shard, parts);
      ShardRecord record = receipts.put(task.receipt(), shard.put());
      parts.drop();
      return record;
    } finally {
      ahead.drop();
    }
  }

  private void write(ShardTask task, ExtractedShard shard, ExtractedParts parts) {
    replay(task, shard, parts);
    boolean whole = false;
    try {
      ask(task, shard, parts);
      whole = true;
    } finally {
      if (!whole) {
        parts.keep();
      }
    }
  }

  /** Writes the answers that an earlier process kept. */
  private void replay(ShardTask task, ExtractedShard shard, ExtractedParts parts) {
    List<StatisticsBatch> kept;
    do {
      kept = plan.resumed() ? parts.next(blobs.reader(), row -> tokens(task, row)) : List.of();
      kept.forEach(answer -> meter.add(write(answer, shard)));
    } while (!kept.isEmpty());
  }

  private void ask(ShardTask task, ExtractedShard shard, ExtractedParts parts) {
    int rows = task.tokens().sequences();
    int step = plan.batchSequences();
    int done = parts.endRow();
    Deque<TokenBatch> begun = new ArrayDeque<>();
    int from = done;
    while (from < rows || !begun.isEmpty()) {
      meter.checkStop();
      long start = System.nanoTime();
      OptionalLong waited = ahead.waitedNanos();
      while (from < rows && (begun.size() < 2 || ahead.wantsMore())) {
        begun.add(begin(task, from));
        from += step;
      }
      StatisticsBatch answer = ask.apply(begun.remove());
      meter.add(write(answer, shard));
      parts.add(answer);
      if (waited.isPresent()) {
        long now = ahead.waitedNanos().getAsLong();
        meter.time(System.nanoTime() - start, now - waited.getAsLong());
      }
    }
  }

  private long write(StatisticsBatch answer, ExtractedShard shard) {
    shard.note(teacher.note(answer));
    return shard.write(answer);
  }

  /** Reads a batch of tokens and begins to ask for it. */
  private TokenBatch begin(ShardTask task, int from) {
    TokenBatch tokens = tokens(task, from);
    ahead.begin(tokens);
    return tokens;
  }

  /** Returns the batch that begins at a row, as the plan cuts it. */
  private TokenBatch tokens(ShardTask task, int from) {
    if (from >= task.tokens().sequences()) {
      throw DataException.of("row %d is behind the shard task's end", from);
    }
    int to = Math.min(task.tokens().sequences(), from + plan.batchSequences());
    return blobs.readTokens(task.tokens(), task.firstSequence(), from, to, false).tokens();
  }

  /** Ends the teacher's thread, if there is one. */
  @Override
  public void close() {
    ahead.close();
  }
}
