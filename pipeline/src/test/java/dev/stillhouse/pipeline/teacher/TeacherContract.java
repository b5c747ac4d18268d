package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every dense teacher keeps to; a teacher's test is two overrides. */
public abstract class TeacherContract {
  @TempDir protected Path folder;

  /** Opens the teacher; the test closes it. */
  protected abstract DenseTeacher open() throws IOException;

  /** Sequences that it can be asked about, with padding at their end. */
  protected abstract TokenBatch batch();

  @Test
  final void itsPromisesHold() throws IOException {
    try (DenseTeacher teacher = open()) {
      assertEquals(
          List.of(), TeacherCheck.of(teacher, batch(), Selection.topK(teacher.vocabulary(), 2)));
    }
  }

  @Test
  final void everySlotButPaddingIsGivenOnce() throws IOException {
    try (DenseTeacher teacher = open();
        LogitsCursor cursor = teacher.read(batch())) {
      boolean[] given = new boolean[batch().slots()];
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        assertEquals(teacher.vocabulary(), block.width());
        for (int row = 0; row < block.count(); row++) {
          assertFalse(given[block.firstSlot() + row], "a slot came twice");
          given[block.firstSlot() + row] = true;
        }
        block.close();
      }
      for (int slot = 0; slot < given.length; slot++) {
        boolean wanted = !batch().padding(slot) && teacher.hasRow(batch(), slot);
        assertEquals(wanted, given[slot], "slot " + slot);
      }
    }
  }

  @Test
  final void blocksMayBeOpenAtOnce() throws IOException {
    try (DenseTeacher teacher = open()) {
      OpenBlocks.check(teacher, batch());
    }
  }

  @Test
  final void aTokenThatItDoesNotKnowIsNamedWithItsPlace() throws IOException {
    try (DenseTeacher teacher = open()) {
      for (int id : new int[] {-1, teacher.vocabulary(), Integer.MAX_VALUE}) {
        int[] tokens = batch().tokens().clone();
        tokens[1] = id;
        TokenBatch wrong =
            new TokenBatch(batch().firstSequence(), batch().length(), tokens, batch().segments());
        DataException e = assertThrows(DataException.class, () -> teacher.read(wrong).close());
        String place = "sequence " + batch().firstSequence() + ", position 1: ";
        assertTrue(String.valueOf(e.getMessage()).contains(place), e.toString());
      }
    }
  }

  @Test
  final void itsFingerprintHoldsNoPlace() throws IOException {
    try (DenseTeacher teacher = open()) {
      assertFalse(teacher.fingerprint().contains(folder.toString()));
      try (DenseTeacher again = open()) {
        assertEquals(teacher.fingerprint(), again.fingerprint());
      }
    }
  }

  /** A text of two segments and some padding in two sequences. */
  protected static TokenBatch sample(int vocabulary, int length) {
    int[] tokens = new int[2 * length];
    int[] segments = new int[2 * length];
    for (int i = 0; i < tokens.length; i++) {
      boolean padding = i >= tokens.length - 2;
      tokens[i] = padding ? 0 : (i * i + i / 3) % vocabulary;
      segments[i] = padding ? TokenBatch.PADDING : i % length < length / 2 ? 0 : 1;
    }
    return new TokenBatch(0, length, tokens, segments);
  }
}
