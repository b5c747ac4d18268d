package dev.stillhouse.storage.loader;

import com.google.common.base.Throwables;
import com.google.common.collect.Iterators;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.fetch.FetchAhead;
import dev.stillhouse.storage.fetch.FetchedParts;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives the batches of a student's rank, every sequence exactly once an epoch (E0). Its place is a
 * number of samples, and which sequence a sample is follows from a closed form. So a resume takes
 * no time, at any number of ranks. The next steps are read and decoded ahead, in threads of their
 * own, within a bound of memory.
 *
 * <pre>{@code
 * try (Dataset dataset = Dataset.open("DATASET");
 *     StudentLoader loader = StudentLoader.open(dataset).seed(1).batch(32).rank(0, 8).start()) {
 *   while (loader.hasNext()) {
 *     train(loader.next());
 *   }
 *   save(loader.cursor());
 * }
 * }</pre>
 *
 * <p>For one thread. An error is thrown at the step that it is about, and again at each call after
 * it. The cursor then covers the steps before.
 */
@PublicApi
public final class StudentLoader implements Iterator<LoadedBatch>, AutoCloseable {
  private final Examples samples;
  private final Rank rank;
  private final long seed;
  private final String order;
  private final int batch;
  private final long end;
  private final Iterator<BatchReader.Read> steps;
  private final Runnable close;
  private final Digest tokens = Digest.ofTokens();
  private final Digest values = Digest.ofValues();
  private long next;
  private @Nullable Throwable failure;
  private double firstWait;
  private double stall;
  private boolean begun;

  /** Begins to read steps ahead. */
  interface Ahead {
    FetchAhead<BatchReader.Read> of(Iterator<StepTask> steps);
  }

  /**
   * Begins to read.
   *
   * @param end the sample after the last
   * @param ahead reads steps ahead; empty reads each step on request
   */
  StudentLoader(
      Examples samples,
      Rank rank,
      BatchReader reader,
      Cursor start,
      long end,
      Optional<Ahead> ahead) {
    this.samples = samples;
    this.rank = rank;
    this.seed = start.seed();
    this.order = start.order();
    this.batch = start.batch();
    this.end = end;
    this.next = start.samples();
    if (start.part().equals(rank.part()) || rank.rank() == 0) { // Others begin at nothing.
      tokens.plus(start.digest());
      values.plus(start.values());
    }
    Iterator<StepTask> reads =
        Iterators.transform(
            Step.steps(next, end, batch, Math.max(1, samples.epochSamples())), reader::read);
    if (ahead.isEmpty()) {
      this.steps = Iterators.transform(reads, task -> task.run(FetchedParts.NONE));
      this.close = () -> {};
    } else {
      FetchAhead<BatchReader.Read> fetched = ahead.get().of(reads);
      this.steps = fetched;
      this.close = fetched::close;
    }
  }

  /** Returns a builder of a loader of this dataset. */
  public static StudentLoaderBuilder open(Dataset dataset) {
    return new StudentLoaderBuilder(List.of(dataset), Optional.empty());
  }

  /**
   * Returns a builder of a loader of several corpora in exact shares, each with epochs of its own.
   *
   * @param datasets of the sources of {@code mixture}, in its order: one tokenizer, sequences of
   *     one length, statistics of the same columns
   */
  public static StudentLoaderBuilder mix(List<Dataset> datasets, MixtureSpec mixture) {
    Joins.checkMixed(datasets, mixture);
    return new StudentLoaderBuilder(datasets, Optional.of(mixture));
  }

  @Override
  public boolean hasNext() {
    return next < end;
  }

  @Override
  public LoadedBatch next() {
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
    }
    if (!hasNext()) {
      throw new NoSuchElementException("all " + end + " samples were given");
    }
    long asked = System.nanoTime();
    try {
      BatchReader.Read read = steps.next();
      tokens.plus(read.tokens());
      values.plus(read.values());
      next = read.step().end();
      return read.batch();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      waited((System.nanoTime() - asked) / 1e9);
    }
  }

  private void waited(double seconds) {
    if (begun) {
      stall += seconds;
    } else {
      firstWait = seconds;
      begun = true;
    }
  }

  /**
   * Returns the place of the loader. All batches that it has returned count as consumed. With
   * several ranks it is a part: {@link Cursor#merge} adds the parts up when all ranks have taken
   * the same step.
   */
  public Cursor cursor() {
    return Cursor.of(
        samples.data(), seed, order, batch, next, rank.part(), tokens.text(), values.text());
  }

  /** Returns the number of samples of an epoch, all ranks together. */
  public long epochSamples() {
    return samples.epochSamples();
  }

  /** Returns how many more batches come; the same for every rank. */
  public long stepsLeft() {
    return Step.count(next, end, batch, Math.max(1, samples.epochSamples()));
  }

  /** Returns the number of samples that remain, all ranks together. */
  public long remaining() {
    return end - next;
  }

  /** Returns how long the first batch took, in seconds. */
  public double firstWait() {
    return firstWait;
  }

  /** Returns how long the caller waited for batches after the first, in seconds. */
  public double stallSeconds() {
    return stall;
  }

  /** Stops reading ahead. The datasets stay open. */
  @Override
  public void close() {
    close.run();
  }
}
