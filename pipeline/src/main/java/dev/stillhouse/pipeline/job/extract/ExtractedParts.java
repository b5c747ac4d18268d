package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.PartFile;
import dev.stillhouse.pipeline.job.ShardTask;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of an unfinished shard task, kept in home so that a killed process loses half a minute of
 * a slow teacher's work, not a whole shard of it.
 *
 * <p>A part holds the answers of some batches, from the row in its key on: {@code
 * work/<identity>/<receipt>.<row>.part}, put-if-absent. The next begins where it ends, so parts are
 * found one after another without a list. Replaying gives the teacher's own answers in the batches
 * of the plan: the shard's bytes are those of a run that was not stopped, and a teacher that is not
 * reproducible is never asked twice for one answer. A part that is damaged or of another task is
 * removed, and its rows are asked for again. When the shard has its receipt its parts are removed;
 * gc removes others after its grace time.
 *
 * <p>A shard task that is done within a minute leaves none: its answers are dropped if the first
 * {@value #PART_BYTES} bytes came that fast.
 */
final class ExtractedParts {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractedParts.class);

  /** A part is put when it has this many bytes. */
  static final int PART_BYTES = 16 << 20;

  /** Max bytes of a part; one batch of a very wide statistic may be too large to keep. */
  static final int MAX_BYTES = 128 << 20;

  private static final double NANOS = 1e9;
  private static final double SECONDS_OF_A_PART = 30;
  private static final double SECONDS_OF_A_SLOW_SLICE = 60;
  private static final double SECONDS_WORTH_KEEPING = 1;

  private final BlobStore store;
  private final String identity;
  private final ShardTask task;
  private final LongSupplier clock;
  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> held = new ArrayList<>();
  private long heldBytes;
  private int firstRow;
  private int endRow;
  private long since;
  private boolean fast;

  ExtractedParts(BlobStore store, String identity, ShardTask task, LongSupplier clock) {
    this.store = store;
    this.identity = identity;
    this.task = task;
    this.clock = clock;
    since = clock.getAsLong();
  }

  private String key(int row) {
    return BlobKind.PART.key(identity + "/" + task.receipt() + "." + row);
  }

  /**
   * Returns the answers of the next part, in order; none if there is no other.
   *
   * @param tokens of the batch that begins at a row, as the plan cuts it
   */
  List<StatisticsBatch> next(ReplicaReader reader, IntFunction<TokenBatch> tokens) {
    String key = key(endRow);
    Optional<byte[]> bytes = reader.readWhole(key, MAX_BYTES);
    if (bytes.isEmpty()) {
      return List.of();
    }
    try {
      List<StatisticsBatch> batches = PartFile.read(bytes.get(), identity, task, endRow);
      int row = endRow;
      for (StatisticsBatch batch : batches) {
        check(batch.tokens(), tokens.apply(row));
        row += batch.tokens().sequences();
      }
      keys.add(key);
      endRow = row;
      firstRow = row;
      since = clock.getAsLong();
      return batches;
    } catch (DataException e) {
      if (NotReachedException.isIn(e)) {
        throw e; // The tokens were not read: the part may be right.
      }
      LOG.warn("{} is removed, and its rows are asked about again: {}", key, e.getMessage());
      store.delete(key);
      return List.of();
    }
  }

  private static void check(TokenBatch kept, TokenBatch planned) {
    if (kept.firstSequence() != planned.firstSequence()
        || kept.length() != planned.length()
        || !Arrays.equals(kept.tokens(), planned.tokens())
        || !Arrays.equals(kept.segments(), planned.segments())) {
      throw new DataException("it is about other tokens");
    }
  }

  /** Returns the first row that no part has an answer for. */
  int endRow() {
    return endRow;
  }

  /** Adds an answer, and puts a part now and then. */
  void add(StatisticsBatch answer) {
    endRow += answer.tokens().sequences();
    if (fast) {
      return;
    }
    byte[] bytes = PartFile.batch(answer);
    held.add(bytes);
    heldBytes += bytes.length;
    double seconds = (clock.getAsLong() - since) / NANOS;
    boolean full = heldBytes >= PART_BYTES;
    double whole = seconds / (endRow - firstRow) * task.tokens().sequences();
    if (heldBytes > MAX_BYTES / 2 || (full && whole < SECONDS_OF_A_SLOW_SLICE)) {
      fast = true;
      held.clear();
    } else if (full || seconds >= SECONDS_OF_A_PART) {
      put();
    }
  }

  /** Puts the held answers when the shard task is interrupted, if they were much work. */
  void keep() {
    if (!held.isEmpty() && (clock.getAsLong() - since) / NANOS >= SECONDS_WORTH_KEEPING) {
      try {
        put();
      } catch (DataException e) {
        // What ended the shard task is the better thing to tell.
        LOG.warn("answers from row {} on are lost: {}", firstRow, e.getMessage());
      }
    }
  }

  private void put() {
    String key = key(firstRow);
    store.putIfAbsent(key, PartFile.write(identity, task, firstRow, held));
    keys.add(key);
    held.clear();
    heldBytes = 0;
    firstRow = endRow;
    since = clock.getAsLong();
  }

  /** Removes the parts of a finished shard task. */
  void drop() {
    keys.forEach(store::delete);
  }
}
