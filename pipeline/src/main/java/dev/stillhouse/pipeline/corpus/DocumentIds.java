package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the ids of one document until it is known to be whole: {@code max} ids in memory, the
 * others in a temporary file.
 */
public final class DocumentIds implements Closeable {
  /** Ids in memory, 4 MiB: nearly all documents are shorter. */
  public static final int MAX = 1 << 20;

  private final int max;
  private int[] ids = new int[1024];
  private int held;
  private @Nullable FileChannel spilled;

  public DocumentIds(int max) {
    this.max = max;
  }

  public void add(int id) {
    if (held == ids.length) {
      if (held < max) {
        ids = Arrays.copyOf(ids, Math.min(max, 2 * held));
      } else {
        spill();
      }
    }
    ids[held++] = id;
  }

  private void spill() {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * held);
    bytes.asIntBuffer().put(ids, 0, held);
    try {
      if (spilled == null) {
        Path file = Files.createTempFile("stillhouse-document", ".ids");
        spilled =
            FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      while (bytes.hasRemaining()) {
        spilled.write(bytes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    held = 0;
  }

  /** Gives all ids in order, and removes them. */
  public void drain(IntConsumer to) {
    FileChannel file = spilled;
    if (file != null) {
      try {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * max);
        for (long at = 0; at < file.size(); at += bytes.limit()) {
          bytes.clear();
          while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
              throw new IOException("it became shorter");
            }
          }
          for (int i = 0; i < max; i++) {
            to.accept(bytes.getInt(Integer.BYTES * i));
          }
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }
    for (int i = 0; i < held; i++) {
      to.accept(ids[i]);
    }
    clear();
  }

  /** Removes all ids. */
  public void clear() {
    held = 0;
    close();
  }

  @Override
  public void close() {
    try {
      if (spilled != null) {
        spilled.close();
        spilled = null;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static DataException failed(IOException e) {
    return new DataException("cannot keep a long document in a temporary file: " + e, e);
  }
}
