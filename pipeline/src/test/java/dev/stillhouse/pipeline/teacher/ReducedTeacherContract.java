package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.ReducedTeacher.Scalar;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every reduced teacher keeps to; a teacher's test is two overrides. */
public abstract class ReducedTeacherContract {
  private static Selection selection(ReducedTeacher teacher) {
    return Selection.topK(teacher.vocabulary(), 3);
  }

  /** Opens the teacher; the test closes it. */
  protected abstract ReducedTeacher open() throws IOException;

  /** Sequences that it can be asked about, with padding at their end. */
  protected abstract TokenBatch batch();

  @Test
  final void itsPromisesHold() throws IOException {
    try (ReducedTeacher teacher = open()) {
      assertEquals(List.of(), TeacherCheck.of(teacher, batch(), selection(teacher)));
    }
  }

  @Test
  final void everySlotButPaddingHasStatistics() throws IOException {
    try (ReducedTeacher teacher = open()) {
      StatisticsBatch answer = teacher.read(batch(), selection(teacher));
      for (int slot = 0; slot < batch().slots(); slot++) {
        int entries = answer.offsets()[slot + 1] - answer.offsets()[slot];
        assertEquals(batch().padding(slot) ? 0 : 3, entries, "slot " + slot);
        boolean target = batch().target(slot) != TokenBatch.NO_TARGET;
        check(teacher, Scalar.TARGET_LOG_PROB, target, answer.targetLogProb()[slot]);
        boolean row = !batch().padding(slot);
        check(teacher, Scalar.LOG_TAIL, row, answer.logTail()[slot]);
        check(teacher, Scalar.ENTROPY, row, answer.entropy()[slot]);
        check(teacher, Scalar.LOG_NORMALISER, row, answer.logNormaliser()[slot]);
      }
    }
  }

  private static void check(ReducedTeacher teacher, Scalar scalar, boolean there, float value) {
    boolean given = there && !teacher.cannotGive().contains(scalar);
    assertEquals(given, !Float.isNaN(value), scalar.name());
  }

  @Test
  final void paddingAloneIsNoQuestion() throws IOException {
    int[] segments = new int[batch().slots()];
    Arrays.fill(segments, TokenBatch.PADDING);
    TokenBatch padding = new TokenBatch(0, batch().length(), new int[segments.length], segments);
    try (ReducedTeacher teacher = open()) {
      assertEquals(0, teacher.read(padding, selection(teacher)).entries());
    }
  }

  @Test
  final void aTokenThatItDoesNotKnowIsNamedWithItsPlace() throws IOException {
    try (ReducedTeacher teacher = open()) {
      for (int id : new int[] {-1, teacher.vocabulary(), Integer.MAX_VALUE}) {
        int[] tokens = batch().tokens().clone();
        tokens[1] = id;
        TokenBatch wrong =
            new TokenBatch(batch().firstSequence(), batch().length(), tokens, batch().segments());
        DataException e =
            assertThrows(DataException.class, () -> teacher.read(wrong, selection(teacher)));
        String place = "sequence " + batch().firstSequence() + ", position 1: ";
        assertTrue(String.valueOf(e.getMessage()).contains(place), e.toString());
      }
    }
  }

  @Test
  final void itsFingerprintHoldsNoPlace() throws IOException {
    try (ReducedTeacher teacher = open();
        ReducedTeacher again = open()) {
      assertEquals(teacher.fingerprint(), again.fingerprint());
      assertFalse(teacher.fingerprint().contains("localhost"), teacher.fingerprint());
      assertFalse(teacher.fingerprint().contains("127.0.0.1"), teacher.fingerprint());
    }
  }
}
