package dev.stillhouse.storage.layout.adaptive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;

/** Codes the entries of a band in a sequence; the grammar is this package's. */
final class BandWriter implements Closeable {
  private static final int LEVEL = 1;

  private final Prior prior;
  private final LogProbQuantizer steps;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
  private final BitWriter low = new BitWriter();
  private final int[] places;
  private byte[] symbols = new byte[0];
  private byte[] packed = new byte[0];

  BandWriter(Prior prior, LogProbQuantizer steps) {
    this.prior = prior;
    this.steps = steps;
    this.places = new int[prior.vocabulary()];
  }

  /**
   * Returns the value of a band.
   *
   * @param kept entries of each position
   * @param last steps of each position's last log-prob before this band; this call updates it to
   *     its last in the band
   */
  byte[] write(StatisticsBatch batch, int from, int[] kept, Band band, int[] last) {
    int n = Ints.checkedCast(band.of(kept));
    if (n == 0) {
      return new byte[0];
    }
    symbols = symbols.length < n ? new byte[n] : symbols;
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * n);
    ids(batch, from, kept, band);
    stream(out, symbols, n);
    byte[] escapes = logProbs(batch, from, kept, band, last);
    stream(out, symbols, n);
    int32(out, escapes.length / Float.BYTES);
    out.writeBytes(escapes);
    out.writeBytes(low.finish());
    return out.toByteArray();
  }

  private void number(int i, int number) {
    int symbol = Symbols.symbol(number);
    int bits = Symbols.bits(symbol);
    symbols[i] = (byte) symbol;
    low.put(number - Symbols.base(symbol), bits);
  }

  private void ids(StatisticsBatch batch, int from, int[] kept, Band band) {
    int i = 0;
    for (int t = 0; t < kept.length; t++) {
      int token = batch.tokens().tokens()[from + t];
      int e = batch.offsets()[from + t] + band.first();
      prior.placesOf(token, places);
      for (int end = e + band.of(kept[t]); e < end; e++) {
        number(i++, prior.number(token, batch.ids()[e], places));
      }
      prior.forget(token, places);
    }
  }

  /** Fills {@link #symbols} with gaps; returns the log-probs that are none, as float32. */
  private byte[] logProbs(StatisticsBatch batch, int from, int[] kept, Band band, int[] last) {
    ByteArrayOutputStream escapes = new ByteArrayOutputStream();
    int i = 0;
    for (int t = 0; t < kept.length; t++) {
      int e = batch.offsets()[from + t] + band.first();
      for (int end = e + band.of(kept[t]); e < end; e++) {
        int now = steps.of(batch.logProbs()[e]);
        if (now >= last[t]) {
          number(i++, now - last[t]);
          last[t] = now;
        } else {
          symbols[i++] = (byte) Symbols.ESCAPE;
          int32(escapes, Float.floatToIntBits(batch.logProbs()[e]));
        }
      }
    }
    return escapes.toByteArray();
  }

  /** Appends a stream: compressed where that is shorter. */
  private void stream(ByteArrayOutputStream out, byte[] bytes, int n) {
    int max = (int) Zstd.compressBound(n);
    packed = packed.length < max ? new byte[max] : packed;
    int size = zstd.compressByteArray(packed, 0, packed.length, bytes, 0, n);
    boolean shorter = size < n;
    int32(out, shorter ? size : n);
    out.write(shorter ? packed : bytes, 0, shorter ? size : n);
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
