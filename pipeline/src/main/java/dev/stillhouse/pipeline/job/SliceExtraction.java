package dev.stillhouse.pipeline.job;

import dev.stillhouse.pipeline.extract.Selection;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.ahead.Ahead;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Receipts;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.dataset.ShardRecord;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.function.Function;

/**
 * Extracts one slice: tokens, teacher, extractor, layout writer, in this order and in one thread; a
 * teacher that waits for its answers is asked {@link Ahead} in another. The shard is put first, its
 * receipt last.
 */
final class SliceExtraction implements AutoCloseable {
  private final ExtractPlan plan;
  private final RegionStore store;
  private final ShardBlobs blobs;
  private final Receipts<ShardRecord> receipts;
  private final ReceiptCheck check;
  private final Ahead ahead;
  private final Function<TokenBatch, StatisticsBatch> ask;
  private final Meter meter;

  SliceExtraction(
      ExtractPlan plan,
      RegionStore store,
      ShardBlobs blobs,
      Receipts<ShardRecord> receipts,
      Selection selection,
      Teacher teacher) {
    if (!teacher.fingerprint().equals(plan.output().identity().teacher())) {
      throw DataException.of(
          "teacher %s is another one here: its fingerprint is '%s', the job was planned with '%s';"
              + " put the same file on every machine, and change none while a job runs",
          plan.teacher(), teacher.fingerprint(), plan.output().identity().teacher());
    }
    this.plan = plan;
    this.store = store;
    this.blobs = blobs;
    this.receipts = receipts;
    this.check = new ReceiptCheck(plan.output(), store, blobs);
    this.ahead = Ahead.of(teacher, selection.spec());
    this.ask = ask(selection, ahead.teacher());
    this.meter = Meter.of(plan.output().job());
  }

  /** How a teacher of either kind is asked about a batch; used by one thread. */
  static Function<TokenBatch, StatisticsBatch> ask(Selection selection, Teacher teacher) {
    if (teacher instanceof DenseTeacher dense) {
      return new StatisticsAssembler(dense, selection)::read;
    }
    return batch -> ((ReducedTeacher) teacher).read(batch, selection.spec());
  }

  /** Extracts the slice if no true receipt says that it is done; returns what counts. */
  ShardRecord run(Slice slice) {
    meter.checkStop();
    var done = receipts.find(slice.receipt(), record -> check.accept(slice, record));
    if (done.isPresent()) {
      meter.add(slice.tokens().positions());
      return done.get();
    }
    try (SliceShard shard = new SliceShard(plan.output(), store, slice)) {
      write(slice, shard);
      return receipts.put(slice.receipt(), shard.put());
    } finally {
      ahead.drop();
    }
  }

  private void write(Slice slice, SliceShard shard) {
    int rows = slice.tokens().sequences();
    int step = plan.batchSequences();
    TokenBatch next = begin(slice, 0);
    for (int from = step; next != null; from += step) {
      meter.checkStop();
      TokenBatch tokens = next;
      next = from < rows ? begin(slice, from) : null;
      meter.add(shard.write(ask.apply(tokens)));
    }
  }

  /** Reads a batch of tokens and begins to ask about it. */
  private TokenBatch begin(Slice slice, int from) {
    int to = Math.min(slice.tokens().sequences(), from + plan.batchSequences());
    TokenBatch tokens =
        blobs.readTokens(slice.tokens(), slice.firstSequence(), from, to, false).tokens();
    ahead.begin(tokens);
    return tokens;
  }

  /** Ends the teacher's thread, if there is one. */
  @Override
  public void close() {
    ahead.close();
  }
}
