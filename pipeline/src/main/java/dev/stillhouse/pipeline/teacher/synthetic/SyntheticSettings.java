package dev.stillhouse.pipeline.teacher.synthetic;

import dev.stillhouse.storage.UsageException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text behind {@code synthetic:} on the command line; it decides every bit of the teacher's
 * rows.
 *
 * @param vocabulary ids in a row (V)
 * @param rows number of different rows
 * @param seed of the draws
 * @param deviation of the logits, normal with mean 0
 */
record SyntheticSettings(int vocabulary, int rows, long seed, BigDecimal deviation) {
  private static final String EXAMPLE =
      "synthetic:vocabulary=151936,rows=256,seed=0,deviation=3, each of which may be left out";

  /** Max ids in a row; no known model has more. */
  private static final int MAX_IDS = 1 << 22;

  private static final Map<String, String> DEFAULTS =
      Map.of("vocabulary", "50257", "rows", "256", "seed", "0", "deviation", "3");

  static SyntheticSettings parse(String argument) {
    Map<String, String> given = new TreeMap<>(DEFAULTS);
    List<String> parts = argument.isEmpty() ? List.of() : List.of(argument.split(",", -1));
    for (String part : parts) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (equals < 0 || !DEFAULTS.containsKey(name)) {
        throw UsageException.of("synthetic: '%s' is no setting; write %s", part, EXAMPLE);
      }
      given.put(name, part.substring(equals + 1));
    }
    SyntheticSettings settings =
        new SyntheticSettings(
            number(given, "vocabulary", 1, MAX_IDS),
            number(given, "rows", 1, Integer.MAX_VALUE),
            seed(given),
            deviation(given));
    if (settings.bytes() > Integer.MAX_VALUE) {
      throw UsageException.of(
          "synthetic: %d rows of %d ids are %d bytes, need <= %d; ask for fewer rows (rows=%d)",
          settings.rows(),
          settings.vocabulary(),
          settings.bytes(),
          Integer.MAX_VALUE,
          Integer.MAX_VALUE / Float.BYTES / settings.vocabulary());
    }
    return settings;
  }

  /** Returns the bytes of all rows. */
  long bytes() {
    return (long) rows * vocabulary * Float.BYTES;
  }

  /** Returns all settings as one text: equal texts mean equal rows. */
  String canonical() {
    return "vocabulary="
        + vocabulary
        + " rows="
        + rows
        + " seed="
        + seed
        + " deviation="
        // Not as a double: JDK 19 writes some of these otherwise than JDK 17.
        + deviation.stripTrailingZeros().toPlainString();
  }

  private static int number(Map<String, String> given, String name, int min, int max) {
    String text = String.valueOf(given.get(name));
    long value = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
    if (value < min || value > max) {
      throw UsageException.of(
          "synthetic: %s=%s: need a whole number from %d to %d", name, text, min, max);
    }
    return (int) value;
  }

  private static long seed(Map<String, String> given) {
    String text = String.valueOf(given.get("seed"));
    if (!text.matches("-?[0-9]{1,18}")) {
      throw UsageException.of("synthetic: seed=%s: need a whole number of 18 digits at most", text);
    }
    return Long.parseLong(text);
  }

  private static BigDecimal deviation(Map<String, String> given) {
    String text = String.valueOf(given.get("deviation"));
    // So few digits that no text is a number of a million digits.
    if (!text.matches("[0-9]{1,4}(\\.[0-9]{1,6})?")) {
      throw UsageException.of(
          "synthetic: deviation=%s: need a number from 0 to 9999.999999, as in 2.5", text);
    }
    return new BigDecimal(text);
  }
}
