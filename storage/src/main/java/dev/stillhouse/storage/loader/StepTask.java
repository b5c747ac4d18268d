package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ShardRows;
import dev.stillhouse.storage.fetch.FetchTask;
import dev.stillhouse.storage.fetch.FetchedParts;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads a rank's rows of a step: those of one shard together, for each teacher. */
final class StepTask implements FetchTask<BatchReader.Read> {
  private record Shard(int source, long firstSequence) {}

  private record Found(Dataset dataset, ShardRecord shard, List<Integer> places) {
    ShardRows part(long[] sequences, Projection projection) {
      // In the shard's order: neighbours are decoded together.
      places.sort(Comparator.comparingLong(i -> sequences[i]));
      int[] numbers =
          places.stream()
              .mapToInt(i -> Math.toIntExact(sequences[i] - shard.firstSequence()))
              .toArray();
      return dataset.rows(shard, numbers, projection);
    }
  }

  /** Rows of one teacher's shard, and where in the step each goes. */
  private record Rows(int teacher, ShardRows part, List<Integer> places) {}

  private final int rows;
  private final int teachers;
  private final List<Rows> reads = new ArrayList<>();
  private final Function<List<List<StatisticsBatch>>, BatchReader.Read> gather;

  /**
   * Finds where the rows are; reads nothing.
   *
   * @param ofSources the source of each row
   * @param sequences the number of each row within its source
   * @param gather makes a step of the rows of each teacher
   */
  StepTask(
      ImmutableList<Source> sources,
      Projection projection,
      int[] ofSources,
      long[] sequences,
      Function<List<List<StatisticsBatch>>, BatchReader.Read> gather) {
    this.rows = sequences.length;
    this.teachers = sources.get(0).teachers().size();
    this.gather = gather;
    for (int teacher = 0; teacher < teachers; teacher++) {
      Map<Shard, Found> found = new LinkedHashMap<>();
      for (int i = 0; i < rows; i++) {
        Dataset dataset = sources.get(ofSources[i]).teachers().get(teacher);
        ShardRecord record = dataset.manifest().shardOf(sequences[i]);
        found
            .computeIfAbsent(
                new Shard(ofSources[i], record.firstSequence()),
                unused -> new Found(dataset, record, new ArrayList<>()))
            .places
            .add(i);
      }
      for (Found of : found.values()) {
        reads.add(new Rows(teacher, of.part(sequences, projection), of.places));
      }
    }
  }

  @Override
  public List<ShardRows> parts() {
    return reads.stream().map(Rows::part).toList();
  }

  @Override
  public BatchReader.Read run(FetchedParts fetched) {
    StatisticsBatch[][] read = new StatisticsBatch[teachers][rows];
    for (int i = 0; i < reads.size(); i++) {
      Rows of = reads.get(i);
      List<StatisticsBatch> batches = of.part.read(fetched.of(i));
      for (int row = 0; row < batches.size(); row++) {
        read[of.teacher][of.places.get(row)] = batches.get(row);
      }
    }
    return gather.apply(Arrays.stream(read).map(Arrays::asList).toList());
  }
}
