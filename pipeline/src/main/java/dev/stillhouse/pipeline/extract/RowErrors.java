package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.storage.DataException;

/** Says in words what is wrong with a row of logits. */
final class RowErrors {
  private RowErrors() {}

  static DataException bad(int id, float logit) {
    return DataException.of(
        "the logit of id %d is %s; need finite or -Infinity: the teacher is broken, or its"
            + " arithmetic overflowed",
        id, logit);
  }

  static DataException empty(int vocabulary) {
    return DataException.of(
        "the logits of all %d ids are -Infinity; need at least one that is finite", vocabulary);
  }

  /** Returns the error of the first bad logit of a row that has one. */
  static DataException in(LogitBuffer rows, int from, int vocabulary) {
    for (int id = 0; id < vocabulary; id++) {
      float logit = rows.get(from + id);
      if (!(logit < Float.POSITIVE_INFINITY)) {
        return bad(id, logit);
      }
    }
    return empty(vocabulary);
  }
}
