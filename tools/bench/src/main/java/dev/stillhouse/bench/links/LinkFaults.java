package dev.stillhouse.bench.links;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.SplittableRandom;

/**
 * What is not as stated of a link. All is drawn by the seed and the number of the request.
 *
 * @param seed of all draws
 * @param spread of the store's wait for the first byte, whose logarithm is normal: its standard
 *     deviation. 0.79 fits 30 ms at the median, 80 ms at 90 %, 200 ms at 99 %
 * @param stragglers share of requests that take a multiple of their time as a whole
 * @param minFactor of a straggler, 1 or more
 * @param maxFactor of a straggler
 * @param wrongLengths share of answers that are a byte too short or too long
 * @param spells in order of time, disjoint; between them the link is as stated
 */
public record LinkFaults(
    long seed,
    double spread,
    double stragglers,
    double minFactor,
    double maxFactor,
    double wrongLengths,
    ImmutableList<Spell> spells) {
  /** A link without faults. */
  public static final LinkFaults NONE = new LinkFaults(0, 0, 0, 1, 1, 0, ImmutableList.of());

  /** Spread of the first byte that the bundled topology's source has. */
  public static final double TYPICAL_SPREAD = 0.79;

  /** Decorrelates the requests of one seed. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  public LinkFaults {
    checkArgument(
        spread >= 0 && stragglers >= 0 && minFactor >= 1 && maxFactor >= minFactor,
        "LinkFaults: spread=%s stragglers=%s factors %s to %s",
        spread,
        stragglers,
        minFactor,
        maxFactor);
    for (int i = 1; i < spells.size(); i++) {
      checkArgument(
          spells.get(i - 1).until() <= spells.get(i).from(), "LinkFaults: spell %s overlaps", i);
    }
  }

  /**
   * The faults of one request.
   *
   * @param waits factor of the store's wait for the first byte
   * @param factor of its whole time
   * @param excess bytes that come too many; negative if too few
   */
  public record Draw(double waits, double factor, int excess) {}

  /** Returns a link without faults, with a seed for those that are added. */
  public static LinkFaults seed(long seed) {
    return new LinkFaults(seed, 0, 0, 1, 1, 0, ImmutableList.of());
  }

  /** Returns the same with another seed. */
  public LinkFaults seeded(long other) {
    return new LinkFaults(other, spread, stragglers, minFactor, maxFactor, wrongLengths, spells);
  }

  /** Returns the same with stragglers. */
  public LinkFaults withStragglers(double share, double min, double max) {
    return new LinkFaults(seed, spread, share, min, max, wrongLengths, spells);
  }

  /** Returns the same with first bytes that vary, so that answers come out of order. */
  public LinkFaults withSpread(double deviation) {
    return new LinkFaults(seed, deviation, stragglers, minFactor, maxFactor, wrongLengths, spells);
  }

  /** Returns the same with answers of wrong lengths. */
  public LinkFaults withWrongLengths(double share) {
    return new LinkFaults(seed, spread, stragglers, minFactor, maxFactor, share, spells);
  }

  /** Returns the same with these spells. */
  public LinkFaults with(Spell... some) {
    return new LinkFaults(
        seed, spread, stragglers, minFactor, maxFactor, wrongLengths, ImmutableList.copyOf(some));
  }

  /** Returns the faults of a request, by its number on the link. */
  public Draw draw(long request) {
    SplittableRandom random = new SplittableRandom(seed ^ (request + 1) * STEP);
    boolean straggles = random.nextDouble() < stragglers;
    double factor = minFactor + (maxFactor - minFactor) * random.nextDouble();
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    double normal = radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    boolean wrong = random.nextDouble() < wrongLengths;
    int excess = random.nextBoolean() ? 1 : -1;
    return new Draw(
        spread == 0 ? 1 : StrictMath.exp(spread * normal),
        straggles ? factor : 1,
        wrong ? excess : 0);
  }

  /** Returns the spell in force. */
  public Spell at(long now) {
    int last = lastFrom(now);
    return last >= 0 && now < spells.get(last).until() ? spells.get(last) : Spell.CLEAR;
  }

  /** Returns when the next spell begins or this one ends; {@link Long#MAX_VALUE} if never. */
  public long nextChange(long now) {
    int last = lastFrom(now);
    if (last >= 0 && now < spells.get(last).until()) {
      return spells.get(last).until();
    }
    return last + 1 < spells.size() ? spells.get(last + 1).from() : Long.MAX_VALUE;
  }

  /** Returns the last spell that has begun; -1 if none has. */
  private int lastFrom(long now) {
    int low = -1;
    int high = spells.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >> 1;
      if (spells.get(middle).from() <= now) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
