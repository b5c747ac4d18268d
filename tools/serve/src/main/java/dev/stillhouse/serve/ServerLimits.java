package dev.stillhouse.serve;

import dev.stillhouse.storage.UsageException;

/**
 * What a server gives its clients at most. Its memory is bounded by {@code streams * (aheadBytes +
 * 2 * stepBytes)}.
 *
 * @param streams that are open at once, 1 or more
 * @param aheadBytes that each stream reads ahead
 * @param stepBytes of one step of one rank
 */
public record ServerLimits(int streams, long aheadBytes, long stepBytes) {
  /** 64 streams that read 128 MiB ahead each, steps of up to 1 GiB. */
  public static final ServerLimits DEFAULT = new ServerLimits(64, 128L << 20, 1L << 30);

  public ServerLimits {
    if (streams < 1 || aheadBytes < 0 || stepBytes < 1) {
      throw UsageException.of(
          "%d streams, %d bytes ahead, %d bytes of a step: need 1 or more, 0 or more, 1 or more",
          streams, aheadBytes, stepBytes);
    }
  }

  /** Returns the bytes to read ahead for a request; -1 asks for what the server allows. */
  long ahead(long asked) {
    return asked < 0 ? aheadBytes : Math.min(asked, aheadBytes);
  }
}
