package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;

/**
 * Reads bytes that mean harm as a reader of datasets would, and holds it to what it promises: a
 * value, or an error that names blob and place, within bounds of time and memory.
 */
final class Hostility implements AutoCloseable {
  /** What reading one shard may allocate, all in all; a bound of what it may hold at a time. */
  private static final long MAX_BYTES = 256 << 20;

  private static final long MAX_NANOSECONDS = 2_000_000_000L;
  private static final int MAX_MESSAGE = 2_000;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int MAX_SHOWN = 20;

  private final List<String> wrong = new ArrayList<>();
  private int read;

  /** Reads all of a shard; nothing where it was refused. */
  private static Optional<StatisticsBatch> read(String what, SealedShard shard) {
    long allocated = THREAD.getCurrentThreadAllocatedBytes();
    long time = THREAD.getCurrentThreadCpuTime();
    Optional<StatisticsBatch> read;
    try {
      read = Optional.of(readAll(shard));
    } catch (DamagedBlobException e) {
      assertEquals(SealedShard.BLOB, e.blob(), what);
      assertTrue(e.offset() >= 0, () -> what + ": " + e.getMessage());
      assertTrue(e.getMessage().length() < MAX_MESSAGE, () -> what + ": " + e.getMessage());
      read = Optional.empty();
    } catch (RuntimeException | Error e) {
      return fail(what + ": " + e, e);
    }
    long bytes = THREAD.getCurrentThreadAllocatedBytes() - allocated;
    long nanoseconds = THREAD.getCurrentThreadCpuTime() - time;
    assertTrue(bytes < MAX_BYTES, () -> what + ": allocated " + bytes + " bytes");
    assertTrue(nanoseconds < MAX_NANOSECONDS, () -> what + ": took " + nanoseconds + " ns");
    return read;
  }

  private static StatisticsBatch readAll(SealedShard shard) {
    ShardReader reader = shard.open();
    int rows = reader.header().sequences();
    List<ByteRange> ranges = reader.ranges(0, rows, Projection.ALL);
    for (ByteRange range : ranges) {
      assertTrue(
          range.end() <= shard.bytes().length,
          () -> range + " is asked for, of " + shard.bytes().length + " bytes");
    }
    List<ByteBuffer> fetched = shard.fetch(ranges);
    return reader.decode(0, rows, Projection.ALL, fetched);
  }

  /** The shard is refused. */
  void refused(String what, SealedShard shard) {
    check(
        () ->
            assertTrue(
                read(what, shard).isEmpty(), () -> what + " is read as if nothing were wrong"));
  }

  /** It is refused, or what is read is what was written. */
  void refusedOr(String what, SealedShard shard, StatisticsBatch written, Layout layout) {
    check(
        () -> read(what, shard).ifPresent(batch -> new SameBatch(layout).check(written, 0, batch)));
  }

  /** It is refused, or what is read is a batch whose tokens are those of its fingerprints. */
  void refusedOrLegal(String what, SealedShard shard) {
    check(
        () ->
            read(what, shard)
                .ifPresent(
                    batch -> {
                      int last = 0;
                      for (int offset : batch.offsets()) {
                        assertTrue(offset >= last, what);
                        last = offset;
                      }
                      assertTrue(
                          batch.ids().length >= last && batch.logProbs().length >= last, what);
                    }));
  }

  /** So that one run tells all that is wrong. */
  private void check(Executable check) {
    read++;
    try {
      check.execute();
    } catch (Throwable e) {
      wrong.add(String.valueOf(e.getMessage()));
    }
  }

  /** Fails if anything was wrong. */
  @Override
  public void close() {
    if (!wrong.isEmpty()) {
      fail(
          wrong.size()
              + " of "
              + read
              + " shards:\n"
              + String.join("\n", wrong.subList(0, Math.min(MAX_SHOWN, wrong.size()))));
    }
  }
}
