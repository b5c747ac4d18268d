package dev.stillhouse.pipeline.formats.maxtext;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Reads the records of an ArrayRecord file, a Riegeli file of simple chunks. Blocks of 64 KiB begin
 * with a header of their own, in the middle of chunks. The last block says where the records end.
 */
final class ArrayRecords implements AutoCloseable {
  private static final int BLOCK = 1 << 16;
  private static final int BLOCK_HEADER = 24;
  private static final int CHUNK_HEADER = 40;
  private static final int MAX_CHUNK = 1 << 30;

  private final ImportFile file;
  private final FileChannel channel;
  private final long size;
  private final long end;
  private long at;
  private byte[] values = new byte[0];
  private int[] sizes = new int[0];
  private int next;
  private int from;
  private long record = -1;

  /** Opens a file. */
  ArrayRecords(ImportFile file) {
    this.file = file;
    try {
      channel = FileChannel.open(file.path());
      size = channel.size();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
    try {
      if (size < 2L * BLOCK || size % BLOCK != 0) {
        throw wrong(
            "it has %d bytes, and an ArrayRecord file has whole blocks of %d, two or more",
            size, BLOCK);
      }
      at = size - BLOCK;
      chunk();
      if (sizes.length == 0) {
        throw wrong("its last block has no record that says where its records end");
      }
      end = end();
      if (end <= 0 || end > size - BLOCK) {
        throw wrong("its last block says that records end at %d", end);
      }
      at = 0;
      sizes = new int[0];
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private long end() {
    try {
      return Varints.field(values, sizes[0], 1);
    } catch (Varints.CutException e) {
      return -1;
    }
  }

  /** Goes to the next record; false at the end. */
  boolean next() {
    while (next == sizes.length) {
      if (at >= end) {
        return false;
      }
      long before = at;
      chunk();
      file.progress().accept(at - before);
    }
    if (next > 0) {
      from += sizes[next - 1];
    }
    next++;
    record++;
    return true;
  }

  /** Returns the bytes of the record. */
  byte[] bytes() {
    return Arrays.copyOfRange(values, from, from + sizes[next - 1]);
  }

  /** Returns the number of the record, from 0. */
  long record() {
    return record;
  }

  /** Reads a chunk, and its records if it has some. */
  private void chunk() {
    next = 0;
    from = 0;
    sizes = new int[0];
    long start = at;
    byte[] header = read(CHUNK_HEADER);
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong(0) != HighwayHash.of(header, 8, CHUNK_HEADER - 8)) {
      throw wrong("offset %d: the hash of a chunk's header is wrong", start);
    }
    long length = in.getLong(8);
    if (length < 0 || length > MAX_CHUNK || length > size - start) {
      throw wrong(
          "offset %d: a chunk claims %d bytes, at most %d are read", start, length, MAX_CHUNK);
    }
    HeapLimit.check(file.path() + ", offset " + start, length, 4);
    byte[] data = read((int) length);
    if (in.getLong(16) != HighwayHash.of(data, 0, data.length)) {
      throw wrong("offset %d: the hash of a chunk's data is wrong", start);
    }
    long typed = in.getLong(24);
    long decoded = in.getLong(32);
    switch ((int) (typed & 0xFF)) {
      case 'r' -> {
        try {
          records(start, data, typed >>> 8, decoded);
        } catch (Varints.CutException e) {
          throw new DataException(
              String.valueOf(
                  wrong("offset %d: a chunk has %s", start, String.valueOf(e.getMessage()))
                      .getMessage()),
              e);
        }
      }
      case 's', 'm', 'p' -> {}
      default ->
          throw wrong(
              "offset %d: a chunk of type 0x%02x; written without transposing they are read",
              start, typed & 0xFF);
    }
  }

  private void records(long start, byte[] data, long count, long decoded) {
    if (data.length == 0 || count > decoded + data.length + 1) {
      throw wrong("offset %d: a chunk claims %d records", start, count);
    }
    int kind = data[0];
    Varints in = new Varints(data, 1);
    int packedSizes = in.length(data.length);
    byte[] lengths = inflate(start, kind, data, in.position(), packedSizes, count * 10);
    values =
        inflate(
            start,
            kind,
            data,
            in.position() + packedSizes,
            data.length - in.position() - packedSizes,
            decoded);
    Varints each = new Varints(lengths, 0);
    int[] found = new int[(int) Math.min(count, lengths.length + 1L)];
    long sum = 0;
    for (int i = 0; i < found.length; i++) {
      found[i] = each.length(values.length);
      sum += found[i];
    }
    if (found.length != count || sum != values.length) {
      throw wrong("offset %d: its %d records do not fill %d bytes", start, count, values.length);
    }
    sizes = found;
  }

  /** Returns bytes that are stored as they are or as zstd, behind their length. */
  private byte[] inflate(long start, int kind, byte[] data, int from, int length, long max) {
    if (kind == 0) {
      return Arrays.copyOfRange(data, from, from + length);
    }
    if (kind != 'z') {
      throw wrong("offset %d: compressed with '%c'; read are zstd and none", start, kind);
    }
    Varints in = new Varints(data, from);
    long size = in.next();
    if (size < 0 || size > Math.min(max, MAX_CHUNK)) {
      throw wrong("offset %d: %d bytes are claimed, at most %d fit", start, size, max);
    }
    HeapLimit.check(file.path() + ", offset " + start, size, 4);
    byte[] to = new byte[(int) size];
    try {
      long done =
          Zstd.decompressByteArray(
              to, 0, to.length, data, in.position(), from + length - in.position());
      if (done != size) {
        throw wrong("offset %d: %d bytes were inflated, not %d", start, done, size);
      }
    } catch (ZstdException e) {
      throw new DataException(
          String.valueOf(
              wrong("offset %d: it cannot be inflated: %s", start, String.valueOf(e.getMessage()))
                  .getMessage()),
          e);
    }
    return to;
  }

  /** Reads bytes, around the headers of blocks. */
  private byte[] read(int count) {
    byte[] to = new byte[count];
    int done = 0;
    do {
      if (at % BLOCK == 0) {
        blockHeader();
      }
      int part = (int) Math.min(count - done, BLOCK - at % BLOCK);
      raw(to, done, part);
      done += part;
    } while (done < count);
    return to;
  }

  private void blockHeader() {
    long start = at;
    byte[] header = new byte[BLOCK_HEADER];
    raw(header, 0, BLOCK_HEADER);
    long hash = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    if (hash != HighwayHash.of(header, 8, BLOCK_HEADER - 8)) {
      throw wrong("offset %d: the hash of a block's header is wrong", start);
    }
  }

  private void raw(byte[] to, int done, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(to, done, count);
    try {
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer, at);
        if (read < 0) {
          throw wrong("offset %d: the file ends in a chunk", at);
        }
        at += read;
      }
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  @FormatMethod
  private DataException wrong(@FormatString String rule, Object... values) {
    return DataException.of("%s, %s; get the file anew", file.path(), String.format(rule, values));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
