package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.Examples.Example;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.List;

/** Reads a rank's rows of steps, and digests them. */
final class BatchReader {
  private final Examples samples;
  private final Rank rank;
  private final int batch;
  private final int cut;
  private final long seed;
  private final ImmutableList<StatisticsBatch> none;
  private final Projection projection;

  /** A rank's rows of a step, with their digests. */
  record Read(Step step, LoadedBatch batch, Digest tokens, Digest values) {}

  BatchReader(Examples samples, Rank rank, int batch, Projection projection, long seed) {
    this.samples = samples;
    this.rank = rank;
    this.batch = batch;
    this.seed = seed;
    this.none =
        samples.sources().get(0).teachers().stream()
            .map(
                teacher ->
                    StatisticsBatch.empty(teacher.statistic(), teacher.manifest().sequenceLength()))
            .collect(ImmutableList.toImmutableList());
    this.cut =
        samples.sources().stream()
                .flatMap(source -> source.teachers().stream())
                .allMatch(teacher -> teacher.statistic().maxEntries() <= projection.maxEntries())
            ? Integer.MAX_VALUE
            : projection.maxEntries();
    this.projection = projection;
  }

  /** Finds which sequences a step has, at once. The returned task reads them, on any thread. */
  StepTask read(Step step) {
    long number = step.first() / batch;
    int from = rank.from(step.rows(), number);
    int count = rank.to(step.rows(), number) - from;
    int[] sources = new int[count];
    long[] sequences = new long[count];
    for (int i = 0; i < count; i++) {
      Example sample = samples.at(step.first() + from + i);
      sources[i] = sample.source();
      sequences[i] = sample.sequence();
    }
    long first = step.first() + from;
    return new StepTask(
        samples.sources(),
        projection,
        sources,
        sequences,
        rows -> gather(step, first, sources, sequences, rows));
  }

  private Read gather(
      Step step, long first, int[] sources, long[] sequences, List<List<StatisticsBatch>> rows) {
    Digest tokens = Digest.ofTokens();
    Digest values = Digest.ofValues();
    var teachers = ImmutableList.<List<StatisticsBatch>>builder();
    for (int teacher = 0; teacher < none.size(); teacher++) {
      List<StatisticsBatch> read = rows.get(teacher);
      for (int i = 0; i < read.size(); i++) {
        if (teacher == 0) {
          long epoch = (first + i) / samples.epochSamples();
          long position = (first + i) % samples.epochSamples();
          tokens.add(read.get(i).tokens().fingerprint(0), seed, epoch, position, sequences[i]);
        }
        values.add(new byte[0], ValuesHash.of(read.get(i)), sources[i], teacher, sequences[i]);
      }
      teachers.add(read);
    }
    LoadedBatch loaded =
        new LoadedBatch(first, rank.most(batch), sources, sequences, cut, teachers.build(), none);
    return new Read(step, loaded, tokens, values);
  }
}
