package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.PublicApi;
import java.util.List;

/**
 * How exact the log-probs were that a teacher gave, before they were kept. Teachers that compute
 * logits here have none.
 *
 * @param boundNats how far a log-prob may be from the model's by the teacher's own rounding; 0 if
 *     it does not say
 * @param clampNats log-probs this far below a position's best are raised to there; 0 if none are
 * @param excessPositions positions whose mass was above one, and was corrected
 * @param largestExcess the largest mass above one
 */
@PublicApi
public record TeacherNote(
    double boundNats, double clampNats, long excessPositions, double largestExcess) {
  public TeacherNote {
    if (!(boundNats >= 0 && boundNats < 1 / 0.0)
        || !(clampNats >= 0 && clampNats < 1 / 0.0)
        || excessPositions < 0
        || !(largestExcess >= 0 && largestExcess < 1 / 0.0)) {
      throw DataException.of(
          "teacher note: boundNats %s, clampNats %s, excessPositions %d, largestExcess %s: out of"
              + " range",
          boundNats, clampNats, excessPositions, largestExcess);
    }
  }

  private TeacherNote plus(TeacherNote other) {
    return new TeacherNote(
        Math.max(boundNats, other.boundNats),
        Math.max(clampNats, other.clampNats),
        excessPositions + other.excessPositions,
        Math.max(largestExcess, other.largestExcess));
  }

  /** Returns one note for all of these; none if there are none. */
  public static List<TeacherNote> sum(List<TeacherNote> notes) {
    return notes.stream().reduce(TeacherNote::plus).stream().toList();
  }
}
