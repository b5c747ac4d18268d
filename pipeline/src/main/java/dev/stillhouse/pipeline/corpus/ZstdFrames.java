package dev.stillhouse.pipeline.corpus;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import com.sun.management.OperatingSystemMXBean;
import dev.stillhouse.storage.store.Waits;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Semaphore;

/**
 * Inflates zstd (RFC 8878), frame after frame. A frame takes the memory of its window, outside the
 * heap; large public dumps have windows up to 2 GiB ({@code zstd --long=31}).
 *
 * <p>Windows up to 128 MiB, as every level of the {@code zstd} command writes, are read by any
 * number of threads. All larger ones of a process share {@link #BUDGET} bytes: a reader that finds
 * the budget used up waits for another file to end. The first frame decides what a file may take.
 */
final class ZstdFrames extends FilterInputStream {
  /** A window of 2^27 = 128 MiB. */
  private static final int USUAL_LOG = 27;

  /** Bytes of all larger windows together: 2 GiB, but at most a quarter of the memory. */
  private static final long BUDGET = budget();

  private static final Semaphore MEBIBYTES = new Semaphore((int) (BUDGET >> 20), true);

  private static final int MAGIC = 0xFD2FB528;
  private static final int LONGEST_HEADER = 18;

  private final int lent;
  private boolean closed;

  private ZstdFrames(InputStream in, int lent) {
    super(in);
    this.lent = lent;
  }

  private static long budget() {
    long memory =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max(1L << USUAL_LOG, Math.min(1L << 31, memory / 4));
  }

  static InputStream open(InputStream stored) throws IOException {
    return open(stored, BUDGET);
  }

  /** Opens a stream with another max window, in bytes, for tests. */
  static InputStream open(InputStream stored, long limit) throws IOException {
    byte[] start = stored.readNBytes(LONGEST_HEADER);
    long window = window(start);
    if (window > limit) {
      throw tooLarge("its window has " + mebibytes(window) + " MiB", limit);
    }
    int log = Math.max(USUAL_LOG, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, window) - 1));
    int lent = log > USUAL_LOG ? mebibytes(window) : 0;
    try (Waits.Wait wait =
        Waits.OF_PROCESS.on(lent + " MiB of memory for the window of a zstd file")) {
      MEBIBYTES.acquire(lent);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it waited for memory");
    }
    try {
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), stored);
      return new ZstdFrames(new ZstdInputStream(whole).setLongMax(log), lent);
    } catch (IOException | RuntimeException e) {
      MEBIBYTES.release(lent);
      throw e;
    }
  }

  private static int mebibytes(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes + (1 << 20) - 1) >> 20);
  }

  /**
   * Returns the bytes of the window that a frame's header asks for; 0 if the header is incomplete.
   */
  private static long window(byte[] start) {
    ByteBuffer header = ByteBuffer.allocate(LONGEST_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put(start).clear();
    if (header.getInt() != MAGIC) {
      return 0;
    }
    int descriptor = header.get();
    if ((descriptor & 0x20) == 0) {
      int window = header.get() & 0xFF;
      long base = 1L << (10 + (window >> 3));
      return base + base / 8 * (window & 7);
    }
    // A single segment: the window is the content, whose length stands behind the dictionary's id.
    header.position(header.position() + new int[] {0, 1, 2, 4}[descriptor & 3]);
    return switch (descriptor >> 6 & 3) {
      case 0 -> header.get() & 0xFF;
      case 1 -> (header.getShort() & 0xFFFF) + 256;
      case 2 -> header.getInt() & 0xFFFF_FFFFL;
      default -> Math.max(0, header.getLong());
    };
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    try {
      return in.read(into, from, count);
    } catch (ZstdIOException e) {
      if (e.getErrorCode() == Zstd.errDictionaryWrong()) {
        throw new UnreadStreamException(
            "was made with a dictionary (zstd -D), which is not read; inflate it first:"
                + " zstd -d -D DICTIONARY FILE");
      }
      if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
        throw tooLarge("a later frame has a larger window than its first", BUDGET);
      }
      if (e.getErrorCode() == Zstd.errMemoryAllocation()) {
        throw tooLarge("this machine has not as much now", BUDGET);
      }
      throw e;
    }
  }

  private static IOException tooLarge(String what, long limit) {
    return new UnreadStreamException(
        String.format(
            "wants too much memory: %s; read are windows up to %d MiB on this machine; write it"
                + " anew with a smaller one: zstd -d --long=31 -c FILE | zstd --long=27 -o NEW",
            what, limit >> 20));
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      MEBIBYTES.release(lent);
      super.close();
    }
  }
}
