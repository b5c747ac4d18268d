package dev.stillhouse.storage.layout.adaptive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.stillhouse.storage.layout.pages.Entries;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.PlainPage;
import java.io.Closeable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Function;

/** Decodes the values of bands into the arrays of a batch; the grammar is this package's. */
final class BandReader implements Closeable {
  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final Prior prior;
  private final LogProbQuantizer steps;
  private byte[] ids = new byte[0];
  private byte[] gaps = new byte[0];
  private byte[] value = new byte[0];
  private int at;
  private int end;
  private Function<String, RuntimeException> damaged = IllegalStateException::new;

  BandReader(Prior prior, LogProbQuantizer steps) {
    this.prior = prior;
    this.steps = steps;
  }

  /**
   * Decodes a value.
   *
   * @param last steps of each position's last log-prob before this band; of its last in it after
   * @param tokens of all slots of the batch
   * @param failure makes the error for a value that is not as it must be
   */
  void read(
      PlainPage page,
      Band band,
      RowEntries row,
      int[] last,
      int[] tokens,
      Entries into,
      Function<String, RuntimeException> failure) {
    value = page.array();
    at = page.from();
    end = at + page.length();
    damaged = failure;
    long entries = band.of(row.kept());
    if (entries > Band.MAX_ENTRIES) {
      throw damaged.apply(entries + " entries of one sequence, at most " + Band.MAX_ENTRIES);
    }
    int n = (int) entries;
    if (n == 0) {
      if (at != end) {
        throw damaged.apply(page.length() + " bytes for no entries");
      }
      return;
    }
    ids = ids.length < n ? new byte[n] : ids;
    gaps = gaps.length < n ? new byte[n] : gaps;
    stream(ids, n);
    stream(gaps, n);
    int escapes = int32();
    int escapesAt = at;
    if (escapes < 0 || escapes > n || end - at < escapes * Float.BYTES) {
      throw damaged.apply(escapes + " log-probs as they are, of " + n);
    }
    at += escapes * Float.BYTES;
    BitReader low = new BitReader(value, at, end);
    ids(band, row, tokens, into.ids(), low);
    logProbs(band, row, last, into.logProbs(), low, escapesAt, escapes);
    if (low.over()) {
      throw damaged.apply("its low bits are " + (end - at) + " bytes, not what its symbols need");
    }
  }

  private void stream(byte[] into, int n) {
    int length = int32();
    if (length < 0 || length > n || length > end - at) {
      throw damaged.apply(
          "a stream of " + length + " bytes for " + n + ", where " + (end - at) + " are left");
    }
    if (length == n) {
      System.arraycopy(value, at, into, 0, n);
    } else {
      try {
        int written = zstd.decompressByteArray(into, 0, n, value, at, length);
        if (written != n) {
          throw damaged.apply("a stream inflates to " + written + " bytes, not to " + n);
        }
      } catch (ZstdException e) {
        throw damaged.apply("a stream of " + n + " bytes is no zstd: " + e.getMessage());
      }
    }
    at += length;
  }

  private int int32() {
    if (end - at < Integer.BYTES) {
      throw damaged.apply("it ends within a length");
    }
    int read = (int) INT32.get(value, at);
    at += Integer.BYTES;
    return read;
  }

  private void ids(Band band, RowEntries row, int[] tokens, int[] out, BitReader low) {
    int vocabulary = prior.vocabulary();
    int i = 0;
    for (int t = 0; t < row.kept().length; t++) {
      int many = band.of(row.kept()[t]);
      int start = row.start(t) + band.first();
      int selected = band.of(row.selected(t));
      int[] list = prior.list(tokens[row.slot() + t]);
      for (int j = 0; j < many; j++) {
        int symbol = ids[i++] & 0xff;
        int number = Symbols.base(symbol) + low.take(Symbols.bits(symbol));
        int id = prior.id(list, number);
        if (id < 0 || id >= vocabulary) {
          throw damaged.apply("id " + id + " at position " + t + ", of " + vocabulary);
        }
        if (j < selected) {
          out[start + j] = id;
        }
      }
    }
  }

  private void logProbs(
      Band band,
      RowEntries row,
      int[] last,
      float[] out,
      BitReader low,
      int escapesAt,
      int escapes) {
    int escape = 0;
    int i = 0;
    for (int t = 0; t < row.kept().length; t++) {
      int many = band.of(row.kept()[t]);
      int start = row.start(t) + band.first();
      int selected = band.of(row.selected(t));
      int now = last[t];
      for (int j = 0; j < many; j++) {
        int symbol = gaps[i++] & 0xff;
        float logProb;
        if (symbol == Symbols.ESCAPE) {
          if (escape == escapes) {
            throw damaged.apply("more log-probs as they are than the " + escapes + " it has");
          }
          int bits = (int) INT32.get(value, escapesAt + Float.BYTES * escape++);
          logProb = Float.intBitsToFloat(bits);
        } else {
          now += Symbols.base(symbol) + low.take(Symbols.bits(symbol));
          if (now < 0 || symbol > Symbols.LAST) {
            throw damaged.apply("gaps at position " + t + " are too wide");
          }
          logProb = steps.nats(now);
        }
        if (j < selected) {
          out[start + j] = logProb;
        }
      }
      last[t] = now;
    }
    if (escape != escapes) {
      throw damaged.apply(escapes + " log-probs as they are, of which " + escape + " are needed");
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
