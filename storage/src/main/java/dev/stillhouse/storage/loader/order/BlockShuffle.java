package dev.stillhouse.storage.loader.order;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The order {@code blocks:W/B}: shuffled as well as reading W blocks at a time allows.
 *
 * <p>The records are cut into blocks of B consecutive ones; the last block has the remainder. A
 * keyed permutation of the blocks gives each block a <i>place</i>. W consecutive places are a
 * window (the last may have fewer), and within a window all records are permuted by a keyed
 * permutation of its own. If every shard but the last has B sequences, a window reads W shards and
 * no others; of shorter shards a block holds several.
 *
 * <p>The one short block moves the blocks behind it. Its place is known by the inverse of the
 * blocks' permutation, so nothing is searched or counted.
 *
 * <p>Keys are those of {@link Feistel}: of the blocks {@code stillhouse-order-blocks-1}; of the
 * windows {@code stillhouse-order-window-1}, whose further number is the window's, from 0. The keys
 * of the last window are kept, which saves a few microseconds.
 */
public final class BlockShuffle implements Order {
  private static final String BLOCKS = "stillhouse-order-blocks-1";
  private static final String WINDOW = "stillhouse-order-window-1";

  private final long n;
  private final long block;
  private final long windowBlocks;
  private final long seed;
  private final long epoch;
  private final byte[] fingerprint;
  private final long blocks;
  private final Feistel places;
  private final long shortPlace;
  private final long missing;

  /** Unsynchronised: a window is immutable, and a thread that sees an old one makes its own. */
  private Window latest;

  /** The records that stand at {@code first .. first+size-1}, permuted among themselves. */
  private record Window(long number, long first, Feistel within) {}

  /**
   * Creates an order.
   *
   * @param n records; 0 to {@link GlobalShuffle#MAX_RECORDS}
   * @param window blocks that are read at a time, 1 or more
   * @param block records of a block, 1 or more
   * @param epoch counted from 0
   * @param fingerprint of the dataset, its bytes
   */
  public BlockShuffle(long n, int window, int block, long seed, long epoch, byte[] fingerprint) {
    checkArgument(
        n >= 0 && n <= GlobalShuffle.MAX_RECORDS, "BlockShuffle: n=%s, need 0 <= n <= 2^40", n);
    checkArgument(window >= 1, "BlockShuffle: window=%s, need window >= 1", window);
    checkArgument(block >= 1, "BlockShuffle: block=%s, need block >= 1", block);
    checkArgument(epoch >= 0, "BlockShuffle: epoch=%s, need epoch >= 0", epoch);
    this.n = n;
    this.windowBlocks = window;
    this.block = block;
    this.seed = seed;
    this.epoch = epoch;
    this.fingerprint = fingerprint.clone();
    this.blocks = n / block + (n % block == 0 ? 0 : 1);
    this.missing = blocks * block - n;
    this.places = new Feistel(blocks, Feistel.keys(BLOCKS, seed, epoch, fingerprint));
    this.shortPlace = blocks == 0 ? 0 : places.from(blocks - 1);
    this.latest = window(0);
  }

  @Override
  public long records() {
    return n;
  }

  @Override
  public long record(long position) {
    checkArgument(
        position >= 0 && position < n,
        "BlockShuffle: position=%s, need 0 <= position < %s",
        position,
        n);
    Window window = windowAt(place(position) / windowBlocks);
    long slot = window.first() + window.within().to(position - window.first());
    long place = place(slot);
    return places.to(place) * block + slot - start(place);
  }

  @Override
  public long position(long record) {
    checkArgument(
        record >= 0 && record < n, "BlockShuffle: record=%s, need 0 <= record < %s", record, n);
    long place = places.from(record / block);
    long slot = start(place) + record % block;
    Window window = windowAt(place / windowBlocks);
    return window.first() + window.within().from(slot - window.first());
  }

  /** Returns the place that holds a slot. A slot is a position before windows are permuted. */
  private long place(long slot) {
    return (slot < start(shortPlace + 1) ? slot : slot + missing) / block;
  }

  /** Returns the first slot of a place. */
  private long start(long place) {
    return place * block - (place > shortPlace ? missing : 0);
  }

  private Window windowAt(long number) {
    Window window = latest;
    if (window.number() != number) {
      window = window(number);
      latest = window;
    }
    return window;
  }

  private Window window(long number) {
    long first = start(number * windowBlocks);
    long end = start(Math.min(blocks, (number + 1) * windowBlocks));
    long[] keys = Feistel.keys(WINDOW, seed, epoch, fingerprint, number);
    return new Window(number, first, new Feistel(end - first, keys));
  }
}
