package dev.stillhouse.bench.layouts;

import dev.stillhouse.bench.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The targets of the layouts, as far as a run measures them. */
final class Goals {
  private static final String ENTRIES = "entryBytesPerPosition";
  private static final String READ = "readPositionsPerSecond";
  private static final String ADAPTIVE = "adaptive";
  private static final String PLANES = "planes";

  private final Measured measured;
  private final List<Goal> goals = new ArrayList<>();

  private Goals(Measured measured) {
    this.measured = measured;
  }

  /** Returns the goals that this run measured. */
  static List<Goal> of(Measured measured) {
    Goals goals = new Goals(measured);
    goals.size();
    goals.speed();
    return goals.goals;
  }

  private void size() {
    ratio("adaptive: ids and log-probs over Megatron's record", ENTRIES, MegatronStore.NAME, 0.70);
    ratio("adaptive: ids and log-probs over columns", ENTRIES, "columns", 0.65);
    ratio("adaptive: ids and log-probs over a static prior", ENTRIES, StaticPrior.NAME, 1.15);
    most("adaptive: mean KL, nats", ADAPTIVE, "meanDivergenceNats", 1e-4);
    most(
        "adaptive: bytes of a kept entry, by tail mass over fixed k",
        ADAPTIVE,
        "byTailOverFixed",
        1.10);
  }

  private void speed() {
    least("planes: read, positions/s", PLANES, READ, 4e6);
    least("adaptive: read, positions/s", ADAPTIVE, READ, 0.5e6);
    Optional<Double> rows = measured.figure("rows", READ);
    rows.ifPresent(
        base ->
            measured
                .figure(PLANES, READ)
                .ifPresent(read -> add("planes: read, over rows", read / base, 10, true)));
    least("planes: written, positions/s", PLANES, "writtenPositionsPerSecond", 0.7e6);
    most(
        "planes: bytes read over needed, one random sequence",
        PLANES,
        "randomSequenceBytesOverNeeded",
        1.3);
    measured.layouts().stream()
        .map(row -> Measured.number(row, "heapMegabytesToReadShard"))
        .filter(megabytes -> !megabytes.isNaN())
        .max(Comparator.naturalOrder())
        .ifPresent(
            max -> add("heap to read a shard, MB, the most of all layouts", max, 256, false));
  }

  private void ratio(String what, String key, String over, double need) {
    measured
        .figure(over, key)
        .ifPresent(
            base ->
                measured
                    .figure(ADAPTIVE, key)
                    .ifPresent(value -> add(what, value / base, need, false)));
  }

  private void most(String what, String name, String key, double need) {
    measured.figure(name, key).ifPresent(value -> add(what, value, need, false));
  }

  private void least(String what, String name, String key, double need) {
    measured.figure(name, key).ifPresent(value -> add(what, value, need, true));
  }

  private void add(String what, double reached, double need, boolean min) {
    goals.add(new Goal(what, reached, need, min));
  }
}
