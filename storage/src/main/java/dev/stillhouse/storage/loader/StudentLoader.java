package dev.stillhouse.storage.loader;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.io.BaseEncoding;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Wanted;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One epoch of a dataset in batches, every sequence exactly once (E0). Where it is, is a number:
 * position p of an epoch is sequence {@link Shuffle#record record(p)}, in closed form, so that a
 * resume costs nothing. Reads one batch at a time; its memory is one batch.
 *
 * <pre>{@code
 * try (Dataset dataset = Dataset.open("DATASET")) {
 *   StudentLoader loader = StudentLoader.of(dataset).seed(1).batch(32).epoch(0).start();
 *   while (loader.hasNext()) {
 *     train(loader.next());
 *   }
 *   save(loader.cursor());
 * }
 * }</pre>
 */
public final class StudentLoader implements Iterator<LoadedBatch> {
  private final Dataset dataset;
  private final long sequences;
  private final int batch;
  private final Shuffle shuffle;
  private final Cursor start;
  private final Digest128 digest;
  private final Digest128 content;
  private long next;

  private StudentLoader(Dataset dataset, int batch, Cursor start) {
    this.dataset = dataset;
    this.sequences = dataset.manifest().sequences();
    this.batch = batch;
    this.start = start;
    this.shuffle =
        new Shuffle(
            sequences,
            start.seed(),
            start.epoch(),
            BaseEncoding.base16().lowerCase().decode(dataset.manifest().fingerprint()));
    this.digest = Digest128.parse(start.digest());
    this.content = Digest128.parse(start.content());
    this.next = start.next();
  }

  /** What and how to load; every setting has a default. */
  public static final class Builder {
    private final Dataset dataset;
    private long seed;
    private long epoch;
    private int batch = 32;

    private Builder(Dataset dataset) {
      this.dataset = dataset;
    }

    /** Seed of the order. */
    public Builder seed(long value) {
      if (value < 0) {
        throw UsageException.of("seed %d: need 0 or more", value);
      }
      seed = value;
      return this;
    }

    /** Number of the epoch, from 0; each has an order of its own. */
    public Builder epoch(long value) {
      if (value < 0) {
        throw UsageException.of("epoch %d: need 0 or more", value);
      }
      epoch = value;
      return this;
    }

    /** Sequences of a batch; the last of an epoch may have fewer. */
    public Builder batch(int value) {
      if (value < 1) {
        throw UsageException.of("batch %d: need 1 or more sequences", value);
      }
      batch = value;
      return this;
    }

    /** A loader at the epoch's start. */
    public StudentLoader start() {
      return new StudentLoader(
          dataset, batch, Cursor.start(dataset.manifest().fingerprint(), seed, epoch));
    }

    /** A loader that goes on where {@code cursor} was taken; seed and epoch are the cursor's. */
    public StudentLoader resume(Cursor cursor) {
      cursor.check(dataset.manifest().fingerprint(), dataset.manifest().sequences());
      return new StudentLoader(dataset, batch, cursor);
    }
  }

  /** Loads this dataset. */
  public static Builder of(Dataset dataset) {
    return new Builder(dataset);
  }

  @Override
  public boolean hasNext() {
    return next < sequences;
  }

  @Override
  public LoadedBatch next() {
    return next(batch);
  }

  /** The next batch, of at most {@code most} sequences. */
  public LoadedBatch next(int most) {
    if (most < 1) {
      throw UsageException.of("batch %d: need 1 or more sequences", most);
    }
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has ended");
    }
    int count = (int) Math.min(most, sequences - next);
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = shuffle.record(next + i);
    }
    List<StatisticsBatch> rows = dataset.readEach(numbers, Wanted.ALL);
    // Only what was read whole counts as consumed.
    for (int i = 0; i < count; i++) {
      byte[] fingerprint = rows.get(i).tokens().fingerprint(0);
      digest.add(fingerprint, start.seed(), start.epoch(), next + i, numbers[i]);
      content.add(bytes(rows.get(i)), numbers[i]);
    }
    next += count;
    return new LoadedBatch(numbers, BatchGather.gather(rows));
  }

  /** Where the loader is: what was given out so far counts as consumed. */
  public Cursor cursor() {
    checkState(next <= sequences, "position %s of %s", next, sequences);
    return start.advance(next, digest.text(), content.text());
  }

  /** All values of one row, as one run of little-endian bytes. */
  private static byte[] bytes(StatisticsBatch row) {
    int slots = row.tokens().slots();
    int entries = row.entries();
    Provenance provenance = row.provenance();
    int reasons = Math.min(provenance.reasons().length, entries);
    int counts = Math.min(provenance.counts().length, entries);
    int proposals = Math.min(provenance.logProposals().length, entries);
    int scalars = 4 + row.normalisersAt().length;
    int words = 2 * slots + slots + 1 + 2 * entries + scalars * slots + counts + proposals;
    ByteBuffer out = ByteBuffer.allocate(4 * words + reasons).order(ByteOrder.LITTLE_ENDIAN);
    ints(out, row.tokens().tokens(), slots);
    ints(out, row.tokens().segments(), slots);
    ints(out, row.offsets(), slots + 1);
    ints(out, row.ids(), entries);
    floats(out, row.logProbs(), entries);
    floats(out, row.logTail(), slots);
    floats(out, row.entropy(), slots);
    floats(out, row.logNormaliser(), slots);
    floats(out, row.targetLogProb(), slots);
    for (float[] normalisers : row.normalisersAt()) {
      floats(out, normalisers, slots);
    }
    ints(out, provenance.counts(), counts);
    floats(out, provenance.logProposals(), proposals);
    out.put(provenance.reasons(), 0, reasons);
    return out.array();
  }

  private static void ints(ByteBuffer out, int[] values, int count) {
    out.asIntBuffer().put(values, 0, count);
    out.position(out.position() + 4 * count);
  }

  private static void floats(ByteBuffer out, float[] values, int count) {
    out.asFloatBuffer().put(values, 0, count);
    out.position(out.position() + 4 * count);
  }
}
