package dev.stillhouse.storage.loader;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Reads the rows of a step: those of one shard together, those of different shards at the same
 * time, so that over a far link a step takes as long as one shard.
 *
 * @param sources of the rows
 * @param parts reads the rows of one shard
 */
record RowReads(ImmutableList<Source> sources, Projection projection, Executor parts) {
  private record Shard(int source, long firstSequence) {}

  /** Rows of one shard, and where in the step each goes. */
  private record Rows(ShardRecord shard, List<Integer> places) {
    int[] numbers(long[] sequences) {
      return places.stream()
          .mapToInt(i -> Math.toIntExact(sequences[i] - shard.firstSequence()))
          .toArray();
    }
  }

  /** Returns the rows of one of the teachers, a batch each, in their order. */
  List<StatisticsBatch> read(int teacher, int[] ofSources, long[] sequences) {
    Map<Shard, Rows> shards = new LinkedHashMap<>();
    for (int i = 0; i < sequences.length; i++) {
      ShardRecord shard = dataset(ofSources[i], teacher).manifest().shardOf(sequences[i]);
      shards
          .computeIfAbsent(
              new Shard(ofSources[i], shard.firstSequence()),
              s -> new Rows(shard, new ArrayList<>()))
          .places()
          .add(i);
    }
    StatisticsBatch[] rows = new StatisticsBatch[sequences.length];
    List<CompletableFuture<Void>> reads = new ArrayList<>();
    shards.forEach(
        (key, of) -> {
          Dataset dataset = dataset(key.source(), teacher);
          reads.add(
              CompletableFuture.runAsync(
                  () -> {
                    List<StatisticsBatch> read =
                        dataset.readRows(of.shard(), of.numbers(sequences), projection);
                    for (int i = 0; i < read.size(); i++) {
                      rows[of.places().get(i)] = read.get(i);
                    }
                  },
                  parts));
        });
    finished(reads);
    return Arrays.asList(rows);
  }

  private Dataset dataset(int source, int teacher) {
    return sources.get(source).teachers().get(teacher);
  }

  /** Waits for all reads. What one of them throws is thrown at once. */
  private static void finished(List<CompletableFuture<Void>> reads) {
    CompletableFuture<Void> all = CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new));
    CompletableFuture<Void> first = new CompletableFuture<>();
    reads.forEach(
        read -> {
          var unused =
              read.whenComplete(
                  (done, error) -> {
                    if (error != null) {
                      first.completeExceptionally(error);
                    }
                  });
        });
    try {
      CompletableFuture.anyOf(all, first).join();
    } catch (CompletionException e) {
      Throwable cause = e;
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      Throwables.throwIfUnchecked(cause);
      throw e;
    } catch (CancellationException e) {
      throw new DataException("a read was ended", e);
    }
  }
}
