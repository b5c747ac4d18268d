package dev.stillhouse.storage.layout.planes;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.layout.pages.PlaneBytes;
import dev.stillhouse.storage.layout.pages.RowWriter;
import dev.stillhouse.storage.layout.pages.ValueWriter;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;

/** Writes the entries of a row: their ids and log-probs by band, and the escapes. */
final class EntryPlanes implements RowWriter.Own {
  private final PlanesSchema schema;
  private int[] codes = new int[0];

  EntryPlanes(PlanesSchema schema) {
    this.schema = schema;
  }

  @Override
  public void write(ValueWriter values, StatisticsBatch batch, int from, int[] kept)
      throws IOException {
    int first = batch.offsets()[from];
    int entries = batch.offsets()[from + kept.length] - first;
    checkIds(batch.ids(), first, entries);
    escapes(values, batch, first, entries);
    for (Band band : schema.bands()) {
      int n = (int) band.of(kept);
      plane(values, band.idLow(), band, kept, batch.ids(), first, 0, n);
      plane(values, band.idHigh(), band, kept, batch.ids(), first, Byte.SIZE, n);
      if (schema.topBits() > 0) {
        top(values, band, kept, batch.ids(), first, n);
      }
      plane(values, band.logProbHigh(), band, kept, codes, 0, Byte.SIZE, n);
      plane(values, band.logProbLow(), band, kept, codes, 0, 0, n);
    }
  }

  private void checkIds(int[] ids, int first, int n) {
    int bits = Short.SIZE + schema.topBits();
    for (int e = first; e < first + n; e++) {
      checkArgument(
          ids[e] >>> bits == 0,
          "layout planes: id %s, the header's vocabulary gives ids %s bits",
          ids[e],
          bits);
    }
  }

  /** Finds the codes of all log-probs. Those without a code are stored as they are. */
  private void escapes(ValueWriter values, StatisticsBatch batch, int first, int n)
      throws IOException {
    int many = encode(batch.logProbs(), first, n);
    byte[] out = values.room(2L * Integer.BYTES * many);
    int at = ValueWriter.start();
    int before = 0;
    for (int e = 0; e < n && many > 0; e++) {
      if (codes[e] == LogProbCode.ESCAPES) {
        codes[e] = 0;
        PlaneBytes.int32(out, at, e - before);
        PlaneBytes.int32(
            out, at + Integer.BYTES * many, Float.floatToIntBits(batch.logProbs()[first + e]));
        before = e;
        at += Integer.BYTES;
      }
    }
    values.write(schema.escapes(), 2 * Integer.BYTES * many);
  }

  /** Encodes log-probs; returns how many have no code. */
  private int encode(float[] logProbs, int first, int n) {
    int[] into = codes.length < n ? new int[n] : codes;
    int many = 0;
    for (int e = 0; e < n; e++) {
      into[e] = LogProbCode.of(logProbs[first + e]);
      many += into[e] >>> 31;
    }
    codes = into;
    return many;
  }

  /** Writes a plane: one byte of each number of a band. */
  private static void plane(
      ValueWriter values,
      int column,
      Band band,
      int[] kept,
      int[] numbers,
      int first,
      int shift,
      int n)
      throws IOException {
    byte[] out = values.room(n);
    int at = ValueWriter.start();
    int position = first + band.first();
    for (int one : kept) {
      int many = band.of(one);
      for (int i = 0; i < many; i++) {
        out[at + i] = (byte) (numbers[position + i] >>> shift);
      }
      at += many;
      position += one;
    }
    values.write(column, n);
  }

  /** Writes the bits of ids above the two low bytes, packed, the first id in the lowest bits. */
  private void top(ValueWriter values, Band band, int[] kept, int[] ids, int first, int n)
      throws IOException {
    int bits = schema.topBits();
    int length = (int) (((long) n * bits + 7) / Byte.SIZE);
    byte[] out = values.room(length);
    int at = 0;
    int packed = 0;
    int start = ValueWriter.start();
    int position = first + band.first();
    for (int one : kept) {
      int many = band.of(one);
      for (int i = 0; i < many; i++) {
        packed |= (ids[position + i] >>> 16) << (at & 7);
        at += bits;
        if ((at & 7) == 0) {
          out[start++] = (byte) packed;
          packed = 0;
        }
      }
      position += one;
    }
    if ((at & 7) != 0) {
      out[start] = (byte) packed;
    }
    values.write(band.idTop(), length);
  }
}
