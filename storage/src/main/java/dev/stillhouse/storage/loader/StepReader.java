package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.loader.Samples.Sample;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** Reads a rank's rows of steps, and digests them. */
final class StepReader {
  private final Samples samples;
  private final Rank rank;
  private final int batch;
  private final Wanted wanted;
  private final long seed;
  private final List<EmptyRows> none;

  /** A rank's rows of a step, with the digests of these. */
  record Read(Step step, LoadedBatch batch, Digest tokens, Digest values) {}

  StepReader(Samples samples, Rank rank, int batch, Wanted wanted, long seed) {
    this.samples = samples;
    this.rank = rank;
    this.batch = batch;
    this.wanted = wanted;
    this.seed = seed;
    this.none = samples.sources().get(0).teachers().stream().map(EmptyRows::of).toList();
  }

  /** Knows at once which sequences a step has; the call reads them, on any thread. */
  Callable<Read> read(Step step) {
    int from = rank.from(step.rows());
    int count = rank.to(step.rows()) - from;
    int[] sources = new int[count];
    long[] sequences = new long[count];
    for (int i = 0; i < count; i++) {
      Sample sample = samples.at(step.first() + from + i);
      sources[i] = sample.source();
      sequences[i] = sample.sequence();
    }
    return () -> read(step, step.first() + from, sources, sequences);
  }

  private Read read(Step step, long first, int[] sources, long[] sequences) {
    Digest tokens = Digest.ofTokens();
    Digest values = Digest.ofValues();
    List<StatisticsBatch> teachers = new ArrayList<>();
    for (int teacher = 0; teacher < none.size(); teacher++) {
      StatisticsBatch[] rows = rows(teacher, sources, sequences);
      for (int i = 0; i < rows.length; i++) {
        if (teacher == 0) {
          long epoch = (first + i) / samples.epochSamples();
          long position = (first + i) % samples.epochSamples();
          tokens.add(rows[i].tokens().fingerprint(0), seed, epoch, position, sequences[i]);
        }
        values.add(new byte[0], ValuesHash.of(rows[i]), sources[i], teacher, sequences[i]);
      }
      teachers.add(
          rows.length == 0 ? none.get(teacher).batch() : BatchGather.gather(Arrays.asList(rows)));
    }
    LoadedBatch loaded =
        new LoadedBatch(
            first,
            rank.most(batch),
            sources,
            sequences,
            wanted.mostEntries(),
            ImmutableList.copyOf(teachers));
    return new Read(step, loaded, tokens, values);
  }

  private StatisticsBatch[] rows(int teacher, int[] sources, long[] sequences) {
    StatisticsBatch[] rows = new StatisticsBatch[sequences.length];
    for (int source = 0; source < samples.sources().size(); source++) {
      Dataset dataset = samples.sources().get(source).teachers().get(teacher);
      List<Integer> at = new ArrayList<>();
      List<Long> numbers = new ArrayList<>();
      for (int i = 0; i < sequences.length; i++) {
        if (sources[i] == source) {
          at.add(i);
          numbers.add(sequences[i]);
        }
      }
      List<StatisticsBatch> read = dataset.readEach(Longs.toArray(numbers), wanted);
      for (int i = 0; i < at.size(); i++) {
        rows[at.get(i)] = read.get(i);
      }
    }
    return rows;
  }
}
