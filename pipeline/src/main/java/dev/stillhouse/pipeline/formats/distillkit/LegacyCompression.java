package dev.stillhouse.pipeline.formats.distillkit;

/**
 * Decodes the legacy form: values behind the exact ones are a sum of coefficients times powers of a
 * = 1, 2, ..., or of 1/a, and perhaps one times the root of a.
 *
 * @param vocabulary ids are below this
 * @param k values of a position
 * @param exactK values that are stored as they are
 * @param degree highest power
 * @param inverse whether powers are of 1/a
 * @param root whether there is a term of the root of a
 */
record LegacyCompression(
    int vocabulary, int k, int exactK, int degree, boolean inverse, boolean root) {

  /** Reads the settings. */
  static LegacyCompression of(SettingsFile file) {
    int k = file.number("k", 1, 1 << 16);
    return new LegacyCompression(
        file.number("vocab_size", 1, 1 << 24),
        k,
        file.number("exact_k", 0, k),
        file.number("polynomial_degree", 0, 32),
        file.flag("invert_polynomial", true),
        file.flag("with_sqrt_term", false));
  }

  /** Returns the number of coefficients of a position. */
  int coefficients() {
    return exactK == k ? 0 : degree + 1 + (root ? 1 : 0);
  }

  /** Returns the bits of a packed id. */
  int idBits() {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(vocabulary - 1));
  }

  /** Returns the value of place {@code i} behind the exact ones. */
  double fitted(double[] coefficients, int i) {
    double a = i + 1;
    double sum = 0;
    for (int power = 0; power <= degree; power++) {
      sum += coefficients[power] * StrictMath.pow(a, inverse ? -power : power);
    }
    return root ? sum + coefficients[degree + 1] * Math.sqrt(a) : sum;
  }
}
