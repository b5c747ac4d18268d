package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.ReducedTeacher.Scalar;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every teacher of finished statistics keeps to; a teacher's test is two overrides. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ReducedTeacherContract {
  @TempDir protected Path folder;

  /** Opens the teacher; the test closes it. */
  protected abstract ReducedTeacher open() throws IOException;

  /** Sequences that it can be asked about, with padding at their end. */
  protected abstract TokenBatch batch();

  /** Returns the statistics that it is asked for, each as a person writes it. */
  protected List<String> statistics() {
    return List.of("top-k:3");
  }

  private Selection selection(ReducedTeacher teacher, String statistic) {
    int vocabulary = Math.min(teacher.vocabulary(), 50_257);
    StatisticSpec spec = StatisticSpec.parse(statistic);
    return new Selection(
        vocabulary, spec, spec.forced().isPresent() ? FORCED : ImmutableIntArray.of());
  }

  /** The ids of every {@code forced:}. */
  protected static final ImmutableIntArray FORCED = ImmutableIntArray.of(3, 7);

  @Test
  final void itsPromisesHold() throws IOException {
    try (ReducedTeacher teacher = open()) {
      assertEquals(
          List.of(), TeacherCheck.of(teacher, batch(), selection(teacher, statistics().get(0))));
    }
  }

  /** Entries come best first and each once, the mass is one, the target is the next token's. */
  @Test
  final void everyPositionIsOfOneDistribution() throws IOException {
    try (ReducedTeacher teacher = open()) {
      for (String statistic : statistics()) {
        Selection selection = selection(teacher, statistic);
        teacher.check(selection);
        StatisticsBatch answer = teacher.read(batch(), selection);
        for (int slot = 0; slot < batch().slots(); slot++) {
          check(statistic, teacher.cannotGive(), answer, slot);
        }
      }
    }
  }

  private void check(String statistic, Set<Scalar> missing, StatisticsBatch answer, int slot) {
    String where = statistic + ", slot " + slot;
    int from = answer.offsets()[slot];
    int to = answer.offsets()[slot + 1];
    boolean padding = batch().padding(slot);
    assertEquals(padding || missing.contains(Scalar.ENTROPY), nan(answer.entropy(), slot), where);
    assertEquals(
        padding || missing.contains(Scalar.LOG_NORMALISER),
        nan(answer.logNormaliser(), slot),
        where);
    if (padding) {
      assertEquals(from, to, where);
      assertTrue(nan(answer.logTail(), slot), where);
      return;
    }
    assertTrue(to > from, where);
    double mass = Math.exp(answer.logTail()[slot]);
    for (int e = from; e < to; e++) {
      assertEquals(e, answer.find(slot, answer.ids()[e]), where);
      assertTrue(e == from || answer.logProbs()[e] <= answer.logProbs()[e - 1], where);
      mass += Math.exp(answer.logProbs()[e]);
    }
    assertEquals(1, mass, 2e-5, where);
    int target = batch().target(slot);
    float own = answer.targetLogProb()[slot];
    assertEquals(target == TokenBatch.NO_TARGET, Float.isNaN(own), where);
    int entry = target == TokenBatch.NO_TARGET ? -1 : answer.find(slot, target);
    assertTrue(entry < 0 || answer.logProbs()[entry] == own, where);
    if (statistic.contains("target") && target != TokenBatch.NO_TARGET) {
      assertTrue(entry >= 0, where);
    }
    for (int id : statistic.contains("forced") ? FORCED.toArray() : new int[0]) {
      assertTrue(answer.find(slot, id) >= 0, where);
    }
  }

  private static boolean nan(float[] values, int slot) {
    return Float.isNaN(values[slot]);
  }

  @Test
  final void paddingAloneIsNoQuestion() throws IOException {
    int[] segments = new int[batch().slots()];
    Arrays.fill(segments, TokenBatch.PADDING);
    TokenBatch padding = new TokenBatch(0, batch().length(), new int[segments.length], segments);
    try (ReducedTeacher teacher = open()) {
      Selection selection = selection(teacher, statistics().get(0));
      assertEquals(0, teacher.read(padding, selection).entries());
    }
  }

  @Test
  final void aTokenThatItDoesNotKnowIsNamedWithItsPlace() throws IOException {
    try (ReducedTeacher teacher = open()) {
      Selection selection = selection(teacher, statistics().get(0));
      for (int id : new int[] {-1, selection.vocabulary(), Integer.MAX_VALUE}) {
        int[] tokens = batch().tokens().clone();
        tokens[1] = id;
        TokenBatch wrong =
            new TokenBatch(batch().firstSequence(), batch().length(), tokens, batch().segments());
        DataException e = assertThrows(DataException.class, () -> teacher.read(wrong, selection));
        String place = "sequence " + batch().firstSequence() + ", position 1: ";
        assertTrue(e.getMessage().contains(place), e.toString());
      }
    }
  }

  @Test
  final void itsFingerprintHoldsNoPlace() throws IOException {
    try (ReducedTeacher teacher = open();
        ReducedTeacher again = open()) {
      for (String place : new String[] {folder.toString(), "127.0.0.1", "localhost", "/srv"}) {
        assertFalse(teacher.fingerprint().contains(place), teacher.fingerprint());
      }
      assertEquals(teacher.fingerprint(), again.fingerprint());
    }
  }
}
