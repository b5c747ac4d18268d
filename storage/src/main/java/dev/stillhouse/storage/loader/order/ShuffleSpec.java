package dev.stillhouse.storage.loader.order;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.storage.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an epoch is shuffled: {@code none}, {@code global}, {@code blocks:W} or {@code blocks:W/B}.
 *
 * @param window W, the blocks that are read at a time; 0 if the kind has none
 * @param block B, the records of a block; 0 if the kind has none, or the dataset decides it ({@link
 *     #resolved})
 */
public record ShuffleSpec(Kind kind, int window, int block) {
  /** One permutation of all records. */
  public static final ShuffleSpec GLOBAL = new ShuffleSpec(Kind.GLOBAL, 0, 0);

  /** No shuffle. */
  public static final ShuffleSpec NONE = new ShuffleSpec(Kind.NONE, 0, 0);

  private static final Pattern BLOCKS = Pattern.compile("blocks:([0-9]{1,10})(?:/([0-9]{1,10}))?");
  private static final int MAX_SHOWN = 100;

  /** The orders there are. */
  public enum Kind {
    /** {@link SequentialOrder}. */
    NONE,
    /** {@link GlobalShuffle}. */
    GLOBAL,
    /** {@link BlockShuffle}. */
    BLOCKS
  }

  public ShuffleSpec {
    boolean blocks = kind == Kind.BLOCKS;
    checkArgument(
        blocks ? window >= 1 && block >= 0 : window == 0 && block == 0,
        "Shuffling: %s with window=%s block=%s",
        kind,
        window,
        block);
  }

  /**
   * Reads the text form.
   *
   * @throws dev.stillhouse.storage.UsageException if it is none
   */
  public static ShuffleSpec parse(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    if (text.equals("global")) {
      return GLOBAL;
    }
    Matcher blocks = BLOCKS.matcher(text);
    if (!blocks.matches()) {
      throw wrong(text);
    }
    int window = count(blocks.group(1), text);
    return new ShuffleSpec(
        Kind.BLOCKS, window, blocks.group(2) == null ? 0 : count(blocks.group(2), text));
  }

  /** Returns the text form: what {@link #parse} reads, without leading zeros. */
  public String text() {
    return switch (kind) {
      case NONE -> "none";
      case GLOBAL -> "global";
      case BLOCKS -> "blocks:" + window + (block == 0 ? "" : "/" + block);
    };
  }

  /**
   * Returns the same with B set.
   *
   * @param largestShardSequences the default of B: the sequences of the dataset's largest shard (0
   *     for a dataset without shards)
   */
  public ShuffleSpec resolved(int largestShardSequences) {
    checkArgument(largestShardSequences >= 0, "a shard of %s sequences", largestShardSequences);
    return kind == Kind.BLOCKS && block == 0
        ? new ShuffleSpec(kind, window, Math.max(1, largestShardSequences))
        : this;
  }

  /**
   * Returns the order of one epoch.
   *
   * @param n records
   * @param epoch counted from 0
   * @param fingerprint of the dataset, its bytes
   */
  public Order order(long n, long seed, long epoch, byte[] fingerprint) {
    return switch (kind) {
      case NONE -> new SequentialOrder(n);
      case GLOBAL -> new GlobalShuffle(n, seed, epoch, fingerprint);
      case BLOCKS -> {
        checkState(block > 0, "%s: the records of a block are yet to be said", text());
        yield new BlockShuffle(n, window, block, seed, epoch, fingerprint);
      }
    };
  }

  /**
   * Returns how many times as often as under a uniform order two records of one block fall next to
   * each other, or into one step: {@code n / (W B)} of blocks, and 1 where a window holds all; 1 of
   * {@code global}. Of {@code none} it is {@code n / 2}, of two neighbours: they always do.
   *
   * <p>Under a uniform order two given records are neighbours with probability 2/n. Those of one
   * block always share a window, of W B records that are permuted uniformly: 2/(W B). (In the last
   * window, which may be smaller, more often.)
   *
   * <p>What it means for a student: of a step of b sequences, a share of {@code (B-1)/(W B-1)},
   * about 1/W, of all pairs are of one block. Where sequences of one block resemble each other with
   * intra-class correlation rho, the mean over the step has the variance of {@code b / (1 + (b-1)
   * rho (B-1)/(W B-1))} independent sequences (the design effect; Kish, <i>Survey Sampling</i>,
   * 1965), and steps of one window stay with the same W blocks. With W well above b rho nothing is
   * lost within a step.
   *
   * @param n records
   */
  public double correlation(long n) {
    return switch (kind) {
      case NONE -> Math.max(1, n / 2.0);
      case GLOBAL -> 1;
      case BLOCKS -> {
        checkState(block > 0, "%s: the records of a block are yet to be said", text());
        yield Math.max(1, n / ((double) window * block));
      }
    };
  }

  private static int count(String digits, String text) {
    long value = Long.parseLong(digits);
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw wrong(text);
    }
    return (int) value;
  }

  private static UsageException wrong(String text) {
    return UsageException.of(
        "shuffle '%s': need none, global, blocks:W or blocks:W/B (W blocks of B sequences are read"
            + " at a time, each from 1 to %d; without B, a block is as long as the largest shard)",
        text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text, Integer.MAX_VALUE);
  }
}
