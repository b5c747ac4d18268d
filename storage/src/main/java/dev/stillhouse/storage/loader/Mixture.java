package dev.stillhouse.storage.loader;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.loader.order.BlockShuffle;
import dev.stillhouse.storage.loader.order.Feistel;
import dev.stillhouse.storage.loader.order.SequentialOrder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Says which source each sample of a mixture comes from, without end: sample g of the mixture is
 * sample {@link SourceIndex#index} of the source. Sample j of a source of n records is position
 * {@code j % n} of the source's own epoch {@code j / n}, so sources of any size repeat as often as
 * their weights ask.
 *
 * <p>Samples come in periods of {@link #PERIOD}, and each source has exactly its share of each. The
 * slots {@code 0 .. PERIOD-1}, in which each source owns a run as long as its share, are permuted
 * by a {@link Feistel} network. A source's samples come in their order, 0, 1, 2 ..., so its epochs
 * follow one another, and the bounds of {@link BlockShuffle} and {@link SequentialOrder} on what is
 * read together hold.
 *
 * <p>Nothing is counted from the start: a period is known by its number. The period of the last
 * call is kept (80 kB; another takes about as long as one period's samples, 0.3 ms). Safe for many
 * threads.
 *
 * <p>Keys are those of {@link Feistel}: {@code stillhouse-mixture-1}, with the period in place of
 * the epoch, and the shares (int32, little-endian) in place of the fingerprint.
 */
public final class Mixture {
  /** Samples of a period: the grain of the shares. */
  public static final int PERIOD = 10_000;

  private static final String NAME = "stillhouse-mixture-1";

  private final ImmutableList<Integer> shares;
  private final long seed;
  private final byte[] key;

  /** Unsynchronised: a period is immutable, and a thread that sees an old one makes its own. */
  private Period latest;

  /**
   * Where a sample comes from.
   *
   * @param source from 0
   * @param index of the sample in that source, from 0; after its epoch the next begins
   */
  public record SourceIndex(int source, long index) {}

  /** One period: the source of each of its samples, and how many that source gave before it. */
  private static final class Period {
    private final long number;
    private final int[] source = new int[PERIOD];
    private final int[] rank = new int[PERIOD];

    private Period(long number) {
      this.number = number;
    }
  }

  /**
   * Creates a mixture.
   *
   * @param shares samples of each source in {@link #PERIOD}; they add up to it ({@link MixtureSpec}
   *     makes them from weights)
   */
  public Mixture(List<Integer> shares, long seed) {
    checkArgument(
        shares.stream().allMatch(m -> m >= 0) && shares.stream().mapToLong(m -> m).sum() == PERIOD,
        "Mixture: shares=%s, need 0 or more that add up to %s",
        shares,
        PERIOD);
    this.shares = ImmutableList.copyOf(shares);
    this.seed = seed;
    ByteBuffer bytes = ByteBuffer.allocate(4 * shares.size()).order(ByteOrder.LITTLE_ENDIAN);
    shares.forEach(bytes::putInt);
    this.key = bytes.array();
    this.latest = period(0);
  }

  /** Returns the samples of each source in a period. */
  public ImmutableList<Integer> shares() {
    return shares;
  }

  /**
   * Returns where a sample comes from.
   *
   * @param sample of the mixture, from 0
   */
  public SourceIndex at(long sample) {
    checkArgument(sample >= 0, "Mixture: sample=%s, need sample >= 0", sample);
    Period period = periodAt(sample / PERIOD);
    int at = (int) (sample % PERIOD);
    int source = period.source[at];
    return new SourceIndex(source, period.number * shares.get(source) + period.rank[at]);
  }

  /**
   * Returns how many of the mixture's first samples a source gave, which is where it goes on.
   *
   * @param samples of the mixture, 0 or more
   */
  public long taken(int source, long samples) {
    checkElementIndex(source, shares.size(), "source");
    checkArgument(samples >= 0, "Mixture: samples=%s, need samples >= 0", samples);
    long whole = samples / PERIOD;
    long taken = whole * shares.get(source);
    int rest = (int) (samples % PERIOD);
    if (rest > 0) {
      Period period = periodAt(whole);
      for (int at = 0; at < rest; at++) {
        taken += period.source[at] == source ? 1 : 0;
      }
    }
    return taken;
  }

  private Period periodAt(long number) {
    Period period = latest;
    if (period.number != number) {
      period = period(number);
      latest = period;
    }
    return period;
  }

  private Period period(long number) {
    int[] owner = new int[PERIOD];
    int slot = 0;
    for (int source = 0; source < shares.size(); source++) {
      for (int i = shares.get(source); i > 0; i--) {
        owner[slot++] = source;
      }
    }
    Feistel slots = new Feistel(PERIOD, Feistel.keys(NAME, seed, number, key));
    int[] given = new int[shares.size()];
    Period period = new Period(number);
    for (int at = 0; at < PERIOD; at++) {
      int source = owner[(int) slots.to(at)];
      period.source[at] = source;
      period.rank[at] = given[source]++;
    }
    return period;
  }
}
