package dev.stillhouse.bench.report;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Values along an axis.
 *
 * @param from the first value
 * @param to the last value
 * @param start where {@code from} is drawn
 * @param end where {@code to} is drawn
 * @param log whether equal ratios are equal lengths
 */
record Scale(double from, double to, double start, double end, boolean log) {
  private static final double[] NICE = {1, 2, 5, 10};

  Scale {
    checkArgument(from < to && (!log || from > 0), "Scale: %s to %s", from, to);
  }

  /**
   * Returns a scale from 0 to a round number above {@code max}, in about {@code count} round steps.
   */
  static Scale fromZero(double max, int count, double start, double end) {
    double step = step(max > 0 ? max : 1, count);
    return new Scale(0, step * Math.ceil((max > 0 ? max : 1) / step), start, end, false);
  }

  /** Returns a scale by powers of ten, or parts of them if values lie within a hundredfold. */
  static Scale logarithmic(double min, double max, double start, double end) {
    checkArgument(min > 0 && max >= min, "Scale: %s to %s", min, max);
    return max / min < 100
        ? new Scale(round(min * 0.9, false), round(max * 1.1, true), start, end, true)
        : new Scale(
            power(Math.floor(Math.log10(min))),
            power(Math.ceil(Math.log10(max * 1.01))),
            start,
            end,
            true);
  }

  private static double power(double exponent) {
    return Double.parseDouble("1e" + (int) exponent); // Math.pow(10, -5) is not 1e-5.
  }

  /** Returns the next of 1, 2, 5, 10, ... above or below. */
  private static double round(double value, boolean up) {
    double ten = power(Math.floor(Math.log10(value)));
    double found = ten;
    for (double nice : NICE) {
      if (up && nice * ten >= value) {
        return nice * ten;
      }
      found = nice * ten <= value ? nice * ten : found;
    }
    return found;
  }

  private static double step(double length, int count) {
    double ten = power(Math.floor(Math.log10(length / count)));
    for (double nice : NICE) {
      if (nice * ten * count >= length) {
        return nice * ten;
      }
    }
    return 10 * ten;
  }

  /** Returns the place of a value. */
  double at(double value) {
    double share =
        log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    return start + share * (end - start);
  }

  /** Returns the values that get a line, at most {@code count}. */
  List<Double> ticks(int count) {
    List<Double> ticks = new ArrayList<>();
    if (!log) {
      double step = step(to - from, count);
      for (int i = 0; from + i * step <= to * (1 + 1e-9); i++) {
        ticks.add(from + i * step);
      }
      return ticks;
    }
    boolean fine = to / from <= 1000;
    for (double ten = power(Math.floor(Math.log10(from))); ten <= to * 1.001; ten *= 10) {
      for (double nice : fine ? new double[] {1, 2, 5} : new double[] {1}) {
        if (nice * ten >= from * 0.999 && nice * ten <= to * 1.001) {
          ticks.add(nice * ten);
        }
      }
    }
    int every = (ticks.size() + count - 1) / count;
    if (every > 1 && !fine) {
      List<Double> all = List.copyOf(ticks);
      ticks.removeIf(tick -> all.indexOf(tick) % every != 0);
    }
    return ticks;
  }

  /** Returns a value as text for axes and labels. */
  static String message(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size < 1e-3) {
      return String.format(Locale.ROOT, "%.0e", value).replace("e-0", "e-");
    }
    if (size >= 1e6) {
      return trimmed(String.format(Locale.ROOT, "%.1f", value / 1e6)) + " M";
    }
    return size >= 100
        ? String.format(Locale.ROOT, "%,.0f", value)
        : trimmed(String.format(Locale.ROOT, size < 1 ? "%.3f" : "%.1f", value));
  }

  private static String trimmed(String number) {
    return number.contains(".") ? number.replaceAll("0+$", "").replaceAll("\\.$", "") : number;
  }
}
