package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import com.google.common.math.LongMath;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.fetch.FetchAhead;
import dev.stillhouse.storage.fetch.FetchLimits;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import dev.stillhouse.storage.store.Timers;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link StudentLoader}; each has a default. A loader that resumes takes seed, batch
 * and shuffle from its cursor, and refuses other values.
 */
@PublicApi
public final class StudentLoaderBuilder {
  /** Default of {@link #ahead}. */
  public static final long AHEAD = 256L << 20;

  private static final int MAX_RESULTS = 64;

  /** Requests under way at first: what fills a machine's network over an ocean, when they grow. */
  private static final int REQUESTS = 64;

  private static final int BATCH = 32;

  private final ImmutableList<Dataset> datasets;
  private final Optional<MixtureSpec> mixture;
  private final List<Dataset> joined = new ArrayList<>();
  private OptionalLong seed = OptionalLong.empty();
  private OptionalLong epoch = OptionalLong.empty();
  private OptionalLong epochs = OptionalLong.empty();
  private OptionalLong stopAfter = OptionalLong.empty();
  private OptionalInt batch = OptionalInt.empty();
  private @Nullable ShuffleSpec shuffle;
  private Rank rank = Rank.ONLY;
  private Projection projection = Projection.ALL;
  private long ahead = AHEAD;
  private boolean strict;
  private Timers timers = Timers.SYSTEM;
  private @Nullable Executor cores;

  /**
   * Creates a builder.
   *
   * @param datasets one, or those of the mixture
   */
  StudentLoaderBuilder(List<Dataset> datasets, Optional<MixtureSpec> mixture) {
    this.datasets = ImmutableList.copyOf(datasets);
    this.mixture = mixture;
  }

  /** Sets the seed of the order, 0 or more (default: 0). */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder seed(long value) {
    need(value >= 0, "seed", value, 0);
    seed = OptionalLong.of(value);
    return this;
  }

  /** Sets the epoch to start with, from 0 (default: 0); each has an order of its own. */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder epoch(long value) {
    need(value >= 0, "epoch", value, 0);
    epoch = OptionalLong.of(value);
    return this;
  }

  /** Sets the epoch to end before: with 3, epochs 0, 1 and 2 (default: one epoch). */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder epochs(long value) {
    need(value >= 1, "epochs", value, 1);
    epochs = OptionalLong.of(value);
    return this;
  }

  /**
   * Sets the number of samples to end after, all ranks together, if the epochs do not end before.
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder stopAfter(long value) {
    need(value >= 0, "stop after", value, 0);
    stopAfter = OptionalLong.of(value);
    return this;
  }

  /**
   * Sets the number of sequences of a step, all ranks together (default: 32). The last step of an
   * epoch has fewer.
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder batch(int value) {
    need(value >= 1, "batch", value, 1);
    batch = OptionalInt.of(value);
    return this;
  }

  /**
   * Sets the rank.
   *
   * @param number from 0 (default: 0)
   * @param of number of ranks (default: 1)
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder rank(int number, int of) {
    rank = new Rank(number, of);
    return this;
  }

  /** Sets how epochs are shuffled: {@code global} (default), {@code blocks:N} or {@code none}. */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder shuffle(String text) {
    shuffle = ShuffleSpec.parse(text);
    return this;
  }

  /** Sets the columns and entries to read (default: all). Fewer take fewer bytes. */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder projection(Projection value) {
    projection = value;
    return this;
  }

  /**
   * Joins another teacher's statistics of the same sequences.
   *
   * @throws dev.stillhouse.storage.DataException if the sequences differ
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder with(Dataset other) {
    if (mixture.isPresent()) {
      throw new UsageException("a mixture's datasets cannot be joined with others");
    }
    Joins.check(datasets.get(0), other);
    joined.add(other);
    return this;
  }

  /**
   * Sets the max bytes of what is read ahead: as fetched, and decoded. A step that needs more is an
   * error. Without it, {@value #AHEAD} bytes are taken, or what one step needs. 0 reads each step
   * on request, on the caller's thread.
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder ahead(long bytes) {
    need(bytes >= 0, "ahead", bytes, 0);
    ahead = bytes;
    strict = true;
    return this;
  }

  /**
   * Sets the max bytes of what is read ahead, but for a step that needs more, which is read alone.
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder aheadOrOneStep(long bytes) {
    ahead(bytes);
    strict = false;
    return this;
  }

  /**
   * Runs in another time, for emulators of links.
   *
   * @param time of the stores too
   * @param runner decodes steps
   */
  @CanIgnoreReturnValue
  public StudentLoaderBuilder emulated(Timers time, Executor runner) {
    timers = time;
    cores = runner;
    return this;
  }

  /** Starts a loader at the start of an epoch. */
  public StudentLoader start() {
    Examples samples = samples(seed.orElse(0), shuffle == null ? ShuffleSpec.GLOBAL : shuffle);
    long sequences = samples.epochSamples();
    if (sequences > 0 && batch.orElse(1) > sequences) {
      throw UsageException.of(
          "batch %d: there are %d sequences; need at most as many", batch.orElse(1), sequences);
    }
    long first = LongMath.saturatedMultiply(sequences, epoch.orElse(0));
    Cursor start =
        Cursor.of(
            samples.data(),
            seed.orElse(0),
            samples.sources().get(0).shuffling().text(),
            batch.orElse((int) Math.max(1, Math.min(BATCH, sequences))),
            first,
            rank.part(),
            Digest.ofTokens().text(),
            Digest.ofValues().text());
    return loader(samples, start);
  }

  /**
   * Resumes a loader at {@code cursor}, with any number of ranks.
   *
   * @throws dev.stillhouse.storage.DataException if the cursor is of other data
   */
  public StudentLoader resume(Cursor cursor) {
    Examples samples = samples(cursor.seed(), ShuffleSpec.parse(cursor.order()));
    if (!samples.data().equals(cursor.data())) {
      throw DataException.of(
          "the cursor's data is %s, here it is %s: it was taken from a dataset with another"
              + " fingerprint, or from another mixture",
          cursor.data(), samples.data());
    }
    same("seed", seed.orElse(cursor.seed()), cursor.seed(), "leave the seed to the cursor");
    String order =
        shuffle == null ? cursor.order() : samples(0, shuffle).sources().get(0).shuffling().text();
    same("order", order, cursor.order(), "leave the shuffle to the cursor");
    same(
        "batch",
        batch.orElse(cursor.batch()),
        cursor.batch(),
        "leave the batch to the cursor, or change it there (Cursor.withBatch, stillhouse cursor --batch)");
    if (!cursor.part().isEmpty() && !cursor.part().equals(rank.part())) {
      throw UsageException.of(
          "the cursor is rank %s's part alone, this is rank %d/%d: merge the parts of all ranks first",
          cursor.part(), rank.rank(), rank.worldSize());
    }
    return loader(samples, cursor);
  }

  private Examples samples(long seeded, ShuffleSpec shuffling) {
    if (mixture.isEmpty()) {
      List<Dataset> teachers = new ArrayList<>(datasets);
      teachers.addAll(joined);
      return new OneSource(new Source(teachers, shuffling, seeded));
    }
    // Of one block length, which the cursor tells; else a resume would give the others another.
    ShuffleSpec all = new Source(datasets, shuffling, seeded).shuffling();
    List<Source> sources =
        datasets.stream().map(one -> new Source(List.of(one), all, seeded)).toList();
    return new MixedSources(sources, mixture.get().mixture(seeded));
  }

  private StudentLoader loader(Examples samples, Cursor start) {
    BatchReader reader = new BatchReader(samples, rank, start.batch(), projection, start.seed());
    Optional<StudentLoader.Ahead> reads = limits(samples, start.batch()).map(this::ahead);
    return new StudentLoader(samples, rank, reader, start, end(samples, start), reads);
  }

  private StudentLoader.Ahead ahead(FetchLimits limits) {
    Executor own = cores;
    return own == null
        ? steps -> new FetchAhead<>(steps, limits)
        : steps -> new FetchAhead<>(steps, limits, timers, own, () -> {});
  }

  private long end(Examples samples, Cursor start) {
    long inEpoch = samples.epochSamples();
    if (inEpoch == 0) {
      return 0;
    }
    long begun = LongMath.divide(start.samples(), inEpoch, RoundingMode.CEILING);
    long last = epochs.orElse(Math.max(begun, epoch.orElse(0) + 1));
    long left = Math.max(0, LongMath.saturatedMultiply(inEpoch, last) - start.samples());
    return start.samples() + Math.min(left, stopAfter.orElse(left));
  }

  /** Returns how memory is shared between fetched bytes and decoded steps. */
  private Optional<FetchLimits> limits(Examples samples, int size) {
    if (ahead == 0) {
      return Optional.empty();
    }
    StepMemory row = new StepMemory(1, 1);
    for (Source source : samples.sources()) {
      StepMemory teachers = new StepMemory(0, 0);
      for (Dataset teacher : source.teachers()) {
        teachers = teachers.plus(StepMemory.ofRow(teacher));
      }
      row = row.max(teachers);
    }
    long fetched = row.fetched() * rank.most(size);
    long read = row.read() * rank.most(size);
    if (strict && fetched + read > ahead) {
      throw UsageException.of(
          "ahead %,d bytes: one step takes about %,d; allow at least as many, take smaller batches,"
              + " or 0 to read each step on request",
          ahead, fetched + read);
    }
    // A step for each core and one to take, if they leave three quarters to what is fetched.
    long results = Math.max(1, Math.min(MAX_RESULTS, ahead / 4 / read));
    long left = Math.max(fetched, ahead - results * read);
    return Optional.of(new FetchLimits(left, strict, (int) results, REQUESTS));
  }

  private static void need(boolean right, String what, long value, long min) {
    if (!right) {
      throw UsageException.of("%s %d: need %d or more", what, value, min);
    }
  }

  private static void same(String field, Object here, Object cursor, String advice) {
    if (!here.equals(cursor)) {
      throw UsageException.of(
          "the cursor's %s is %s, here it is %s: %s", field, cursor, here, advice);
    }
  }
}
