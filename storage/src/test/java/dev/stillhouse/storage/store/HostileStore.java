package dev.stillhouse.storage.store;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that answers what it should not, in one way, whatever it is asked to read. */
public final class HostileStore extends ForwardingStore {
  private final Kind kind;
  private final byte[] other;
  private final AtomicInteger reads = new AtomicInteger();

  /** How it answers. */
  public enum Kind {
    /** A byte too few. */
    SHORT,
    /** Seven bytes too many. */
    LONG,
    /** One range too few. */
    FEWER,
    /** The first bit of the first range is another. */
    FLIPPED,
    /** Zeros. */
    ZEROS,
    /** The bytes of an older or another blob, in the right length. */
    OTHER,
    /** Never. */
    HANGS,
    /** With an error, at once. */
    FAILS,
    /** With an error that is none of ours, when it has begun. */
    BREAKS_OFF;

    /** Whether the copy is to blame, and not the way to it. */
    public boolean damages() {
      return compareTo(HANGS) < 0 && this != FEWER;
    }
  }

  /**
   * A hostile store.
   *
   * @param other what {@link Kind#OTHER} answers with
   */
  public HostileStore(BlobStore store, Kind kind, byte[] other) {
    super(store);
    this.kind = kind;
    this.other = other;
  }

  /** How often it was asked to read or for a length. */
  public int asked() {
    return reads.get();
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    reads.incrementAndGet();
    return switch (kind) {
      case HANGS -> new CompletableFuture<>();
      case FAILS -> CompletableFuture.failedFuture(new DataException("out of order"));
      case BREAKS_OFF -> CompletableFuture.failedFuture(new IllegalStateException("broken pipe"));
      case FEWER ->
          store.read(key, ranges).thenApply(all -> all.subList(0, Math.max(0, all.size() - 1)));
      case OTHER, ZEROS -> {
        List<ByteBuffer> answers = new ArrayList<>();
        for (ByteRange range : ranges) {
          ByteBuffer answer = ByteBuffer.allocate(range.length());
          for (int i = 0; kind == Kind.OTHER && i < range.length(); i++) {
            long at = range.offset() + i;
            answer.put(i, at < other.length ? other[(int) at] : (byte) ' ');
          }
          answers.add(answer);
        }
        yield CompletableFuture.completedFuture(answers);
      }
      case SHORT, LONG, FLIPPED -> inside(key, ranges);
    };
  }

  private CompletableFuture<List<ByteBuffer>> inside(String key, List<ByteRange> ranges) {
    long size = store.size(key).orElse(0);
    List<ByteBuffer> answers = new ArrayList<>();
    for (ByteRange range : ranges) {
      int there = (int) Math.max(0, Math.min(range.length(), size - range.offset()));
      ByteBuffer bytes =
          store.read(key, List.of(new ByteRange(range.offset(), there))).join().get(0);
      int length =
          range.length() + (kind == Kind.SHORT ? -1 : kind == Kind.LONG ? Byte.SIZE - 1 : 0);
      ByteBuffer answer = ByteBuffer.allocate(Math.max(0, length));
      answer.put(bytes.duplicate().limit(bytes.position() + Math.min(there, answer.limit())));
      answer.rewind();
      answers.add(answer);
    }
    if (kind == Kind.FLIPPED && !answers.isEmpty() && answers.get(0).hasRemaining()) {
      answers.get(0).put(0, (byte) (answers.get(0).get(0) ^ 1));
    }
    return CompletableFuture.completedFuture(answers);
  }

  @Override
  public OptionalLong size(String key) {
    reads.incrementAndGet();
    OptionalLong size = store.size(key);
    return switch (kind) {
      case SHORT -> size.isEmpty() ? size : OptionalLong.of(size.getAsLong() - 1);
      case LONG -> size.isEmpty() ? size : OptionalLong.of(size.getAsLong() + Byte.SIZE - 1);
      case FAILS -> throw new DataException("out of order");
      case BREAKS_OFF -> throw new IllegalStateException("broken pipe");
      case HANGS -> hang();
      default -> size;
    };
  }

  private OptionalLong hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new DataException("interrupted in region " + region());
  }
}
