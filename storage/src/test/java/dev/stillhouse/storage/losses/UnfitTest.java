package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.normaliser;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What does not fit is named, with what to do. */
class UnfitTest {
  private static final double[] X = {1, 2, 3, 4};
  private static final PositionStatistic TEACHER = kept(X, 3, 2);

  @Test
  void shapesAreChecked() {
    wrong("1 log-probs, need 2", () -> position(new double[1], -1));
    wrong("log-prob of id 1 is NaN", () -> position(new double[] {-1, NaN}, -1));
    wrong("Padding", () -> position(new double[] {-1, -1}, NaN));
    wrong(
        "4 log-probs, the student 3 logits", () -> FullDistillation.crossEntropy(X, new double[3]));
    wrong("id 3, but the student has 3 logits", () -> TopK.truncated(TEACHER, new double[3]));
    wrong("id 3 is kept twice", () -> TailBucket.of(kept(X, 3, 3), X));
    wrong(
        "all 4 ids are kept, yet",
        () -> TailBucket.of(new PositionStatistic(new int[] {0, 1, 2, 3}, X, -1, 0), X));
  }

  private static PositionStatistic position(double[] logProbs, double logTail) {
    return new PositionStatistic(new int[] {0, 1}, logProbs, logTail, 0);
  }

  @Test
  void numbersAreChecked() {
    wrong("logit of id 2 is NaN", () -> TopK.truncated(TEACHER, new double[] {0, 0, NaN, 0}));
    wrong(
        "logit of id 0 is Infinity", () -> TailBucket.of(TEACHER, new double[] {1 / 0.0, 0, 0, 0}));
    double[] none = {NEGATIVE_INFINITY, NEGATIVE_INFINITY};
    wrong("none of the student's 2 logits", () -> FullDistillation.crossEntropy(none, none));
    wrong("2 kept entries have no mass", () -> TopK.renormalised(position(none, 0), new double[2]));
    wrong("no draws", () -> SampledEstimate.of(TEACHER, X));
    wrong("no draws", () -> UnionEstimate.of(TEACHER, X));
    wrong("id 2 was drawn -1 times", () -> SampledEstimate.of(draws(2, -1), X));
    wrong(
        "id 3 was drawn 2 times at log-proposal -Infinity",
        () -> SampledEstimate.of(draws(2, 1, NEGATIVE_INFINITY, -1), X));
  }

  @Test
  void everyDrawIsNeeded() {
    for (PositionStatistic lost : new PositionStatistic[] {some(2, 1, 4), some(2, 1, 1)}) {
      wrong("counts sum to 3, but " + lost.draws(), () -> SampledEstimate.of(lost, X));
    }
    wrong("2 counts, need 0", () -> some(0, 0, 0));
  }

  private static PositionStatistic some(int first, int second, int draws) {
    PositionStatistic all = draws(2, 1);
    return new PositionStatistic(
        all.ids(),
        all.logProbs(),
        all.reasons(),
        all.logTail(),
        all.logNormaliser(),
        draws,
        new int[] {first, second},
        new double[0]);
  }

  private static PositionStatistic draws(int first, int second, double... proposals) {
    return kept(X, new int[] {3, 2}, new int[] {first, second}, proposals, new byte[] {1, 2});
  }

  @Test
  void whatTemperatureNeedsIsNamed() {
    wrong("temperature 0.0", () -> Temperature.at(TEACHER, 0, 1));
    wrong("temperature NaN", () -> NormaliserBounds.at(TEACHER, NaN, 4));
    missing("extract with normaliser-at:2.0", () -> Temperature.at(TEACHER, 2, NaN));
    missing("of another temperature", () -> Temperature.at(TEACHER, 2, normaliser(X, 4) - 5));
    PositionStatistic served = new PositionStatistic(TEACHER.ids(), TEACHER.logProbs(), -2, NaN);
    missing("Give these as logits", () -> Temperature.at(served, 2, 1));
    missing("Give these as logits", () -> NormaliserBounds.at(served, 2, 4));
    wrong("id 3, but", () -> NormaliserBounds.at(TEACHER, 2, 2));
  }

  private static void wrong(String part, Executable call) {
    message(part, assertThrows(UsageException.class, call));
  }

  private static void missing(String part, Executable call) {
    message(part, assertThrows(DataException.class, call));
  }

  private static void message(String part, RuntimeException error) {
    assertTrue(String.valueOf(error.getMessage()).contains(part), error.getMessage());
  }
}
