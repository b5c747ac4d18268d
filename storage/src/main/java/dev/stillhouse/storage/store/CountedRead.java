package dev.stillhouse.storage.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The result of a read that knows what has crossed the link, so that a cancelled one is booked
 * exactly. Of a result that does not know it, all bytes that were asked for are booked.
 */
public abstract class CountedRead extends CompletableFuture<List<ByteBuffer>> {
  /** Returns the bytes that have crossed until now, or until the end. */
  public abstract long crossedBytes();

  /** Returns the bytes that have crossed for a result; {@code asked} if it does not know them. */
  public static long crossed(CompletableFuture<?> result, long asked) {
    return result instanceof CountedRead counted ? counted.crossedBytes() : asked;
  }
}
