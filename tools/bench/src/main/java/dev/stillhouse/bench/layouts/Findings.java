package dev.stillhouse.bench.layouts;

import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.layout.Layouts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the sentences that head the charts of a run. */
final class Findings {
  private static final String BYTES = "bytesPerPosition";
  private static final String READ = "readPositionsPerSecond";

  /** Max ratio by which two readings of one layout differ in short runs. */
  private static final double NOISE = 1.15;

  private Findings() {}

  static String name(Map<String, Object> row) {
    return String.valueOf(row.get("name"));
  }

  /** Returns the rows of layouts with default settings that were measured. */
  private static List<Map<String, Object>> plain(Measured measured) {
    List<Map<String, Object>> plain =
        measured.layouts().stream().filter(row -> Layouts.names().contains(name(row))).toList();
    return plain.isEmpty() ? measured.layouts() : plain;
  }

  private static Optional<Map<String, Object>> smallest(Measured measured) {
    return plain(measured).stream()
        .min(Comparator.comparingDouble(row -> Measured.number(row, BYTES)));
  }

  static String title(Measured measured) {
    Optional<Map<String, Object>> min = smallest(measured);
    if (min.isEmpty()) {
      return "No layout could hold these statistics";
    }
    String start =
        Terminal.text(
            "%s keeps a position in %.0f bytes",
            name(min.get()), Measured.number(min.get(), BYTES));
    Optional<Double> megatron = measured.figure(MegatronStore.NAME, "entryBytesPerPosition");
    double entries = Measured.number(min.get(), "entryBytesPerPosition");
    return megatron
        .map(
            bytes ->
                start
                    + Terminal.text(
                        ", its ids and log-probs in %.2f of what Megatron's record takes",
                        entries / bytes))
        .orElse(start);
  }

  static String error(Measured measured) {
    return smallest(measured)
        .map(
            row ->
                Terminal.text(
                    "%s needs the fewest bytes, and a KL of %.1f millionths of a nat is all that it costs",
                    name(row), 1e6 * Measured.number(row, "meanDivergenceNats")))
        .orElse("Bytes against error");
  }

  /** Returns the fastest layouts: more than one if the difference may be noise. */
  static String speed(Measured measured) {
    double fastest =
        measured.layouts().stream()
            .mapToDouble(row -> Measured.number(row, READ))
            .max()
            .orElse(Double.NaN);
    if (Double.isNaN(fastest)) {
      return "Bytes against speed";
    }
    List<String> names =
        measured.layouts().stream()
            .filter(row -> Measured.number(row, READ) * NOISE >= fastest)
            .map(Findings::name)
            .toList();
    return Terminal.text(
        "Of the layouts %s %s read fastest: %.1f M positions a second on one core",
        String.join(" and ", names), names.size() == 1 ? "is" : "are", fastest / 1e6);
  }

  static String generations(List<Map<String, Object>> steps) {
    Map<String, Object> first = steps.get(0);
    Map<String, Object> last = steps.get(steps.size() - 1);
    return Terminal.text(
        "From %s to %s: %.2f of the bytes, %.1f times the reading speed",
        name(first),
        name(last),
        Measured.number(last, BYTES) / Measured.number(first, BYTES),
        Measured.number(last, READ) / Measured.number(first, READ));
  }

  static String parts(Measured measured) {
    return smallest(measured)
        .filter(row -> row.containsKey("idBytesPerPosition"))
        .map(
            row ->
                Terminal.text(
                    "Ids are most of what is left: %.0f %% of %s",
                    100 * Measured.number(row, "idBytesPerPosition") / Measured.number(row, BYTES),
                    name(row)))
        .orElse("Bytes by part");
  }

  static String epochs(Measured measured, String what, double unit) {
    String key = "shuffledEpoch" + what + "At233ms";
    Comparator<Map<String, Object>> order =
        Comparator.comparingDouble(row -> Measured.number(row, key));
    List<Map<String, Object>> rows = plain(measured);
    Map<String, Object> min = rows.stream().min(order).orElseThrow();
    Map<String, Object> max = rows.stream().max(order).orElseThrow();
    return Terminal.text(
        what.equals("Seconds")
            ? "Shuffled over 233 ms, %s takes %.1f hours and %s %,.0f"
            : "Shuffled over 233 ms, %s costs %,.0f dollars and %s %,.0f",
        name(min),
        Measured.number(min, key) / unit,
        name(max),
        Measured.number(max, key) / unit);
  }
}
