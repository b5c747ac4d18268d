package dev.stillhouse.pipeline.formats.distillkit;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decodes the log-probs of one position.
 *
 * <pre>
 *   exact_k values; a coefficient of each term; for each bin its scale, then its elements as bits,
 *   the highest first, padded to a byte
 * </pre>
 *
 * <p>Value i behind the exact ones is the sum of coefficients times terms at t = i (or i spread
 * over 0..1), plus its residual. With delta encoding a value is a difference to the one before.
 *
 * @param vocabulary ids are below this (d)
 * @param k values of a position
 * @param exactK values that are stored as they are
 * @param exact their type, and that of the result
 * @param terms powers of t, or sqrt or exp
 * @param term type of the coefficients
 * @param delta whether values are differences
 * @param unit whether t is spread over 0..1
 */
record Compression(
    int vocabulary,
    int k,
    int exactK,
    FloatKind exact,
    ImmutableList<String> terms,
    FloatKind term,
    ImmutableList<Bin> bins,
    boolean delta,
    boolean unit) {
  private static final int MAX_K = 1 << 16;

  /** Residuals that share a scale. */
  record Bin(FloatKind scale, int bits, int elements) {
    int packedBytes() {
      return (bits * elements + 7) / 8;
    }
  }

  /**
   * Reads the settings.
   *
   * @throws DataException naming the setting that is out of range
   */
  static Compression of(SettingsFile file) {
    int k = file.number("k", 1, MAX_K);
    int exactK = file.number("exact_k", 0, k);
    List<String> terms = new ArrayList<>();
    for (Map<String, String> item : file.list("polynomial_terms")) {
      String term = item.getOrDefault("", "?");
      if (!term.equals("sqrt") && !term.equals("exp")) {
        file.number("polynomial_terms", term, -16, 16);
      }
      terms.add(term);
    }
    List<Bin> bins = new ArrayList<>();
    int left = k - exactK;
    for (Map<String, String> item : file.list("residual_bins")) {
      int elements = file.number("num_elements", item.getOrDefault("num_elements", ""), 1, left);
      left -= elements;
      bins.add(
          new Bin(
              FloatKind.named("scale_dtype", item.getOrDefault("scale_dtype", "")),
              file.number("element_bits", item.getOrDefault("element_bits", ""), 1, 53),
              elements));
    }
    return new Compression(
        file.number("d", 1, 1 << 24),
        k,
        exactK,
        FloatKind.named("exact_dtype", file.text("exact_dtype", "float32")),
        ImmutableList.copyOf(terms),
        FloatKind.named("term_dtype", file.text("term_dtype", "float32")),
        ImmutableList.copyOf(bins),
        file.flag("delta_encoding", true),
        file.flag("normalize_t", false));
  }

  /** Returns whether every value is stored as it is. */
  boolean isExact() {
    return exactK == k;
  }

  /** Returns the bytes of a position's values. */
  int bytes() {
    int bytes = exactK * exact.bytes() + terms.size() * term.bytes();
    for (Bin bin : bins) {
      bytes += bin.scale().bytes() + bin.packedBytes();
    }
    return bytes;
  }

  /** Returns the bits of a packed id. */
  int idBits() {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(vocabulary - 1));
  }

  /** Decodes {@link #bytes} bytes to k log-probs. */
  void decode(byte[] bytes, float[] to) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[k];
    for (int i = 0; i < exactK; i++) {
      values[i] = exact.read(in);
    }
    int rest = k - exactK;
    for (String name : terms) {
      double coefficient = term.read(in);
      for (int i = 0; i < rest; i++) {
        double t = unit ? (rest == 1 ? 0 : (double) i / (rest - 1)) : i;
        values[exactK + i] += coefficient * term(name, t);
      }
    }
    int at = exactK;
    for (Bin bin : bins) {
      double scale = bin.scale().read(in);
      Bits packed = new Bits(bytes, in.position());
      for (int i = 0; i < bin.elements(); i++) {
        values[at++] += scale * level(packed.next(bin.bits()), bin.bits());
      }
      in.position(in.position() + bin.packedBytes());
    }
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum = delta ? sum + values[i] : values[i];
      to[i] = exact.round(sum);
    }
  }

  private static double term(String name, double t) {
    return switch (name) {
      case "sqrt" -> Math.sqrt(t);
      case "exp" -> StrictMath.exp(t);
      default -> StrictMath.pow(t, Integer.parseInt(name));
    };
  }

  private static double level(long stored, int bits) {
    return bits == 1 ? 2.0 * stored - 1 : stored - (double) (1L << (bits - 1));
  }
}
