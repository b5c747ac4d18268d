package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads all packed sequences of some shard tasks, in order, a few at a time. */
public record TokenBatches(ShardBlobs blobs, List<ShardTask> tasks)
    implements Iterable<TokenBatch> {
  private static final int ROWS_AT_ONCE = 64;

  @Override
  public Iterator<TokenBatch> iterator() {
    return tasks.stream().flatMap(this::batches).iterator();
  }

  private Stream<TokenBatch> batches(ShardTask task) {
    int rows = task.tokens().sequences();
    return IntStream.range(0, (rows + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE)
        .mapToObj(
            i ->
                blobs
                    .readTokens(
                        task.tokens(),
                        task.firstSequence(),
                        i * ROWS_AT_ONCE,
                        Math.min(rows, (i + 1) * ROWS_AT_ONCE),
                        false)
                    .tokens());
  }
}
