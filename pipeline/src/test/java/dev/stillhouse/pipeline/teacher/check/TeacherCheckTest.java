package dev.stillhouse.pipeline.teacher.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.check.TeacherFinding.Promise;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every promise is broken once, by a teacher of each kind, and nothing else is found. */
class TeacherCheckTest {
  private static final int V = 50;
  private static final Selection SPEC = Selection.topK(V, 5);

  /** Where a row comes from: a batch, a slot in it, how often the teacher was asked before. */
  private interface Row {
    double logit(TokenBatch batch, int slot, int id, int asked);
  }

  /** What is right: a running sum over the segment's tokens up to the slot. */
  private static double right(TokenBatch batch, int slot, int id, int asked) {
    double sum = 0;
    for (int s = slot; s >= slot - slot % batch.length(); s--) {
      if (batch.segments()[s] != batch.segments()[slot]) {
        break;
      }
      sum += (batch.tokens()[s] * 31 + id * 17) % 13;
    }
    return sum / 7;
  }

  private static final class Scripted implements DenseTeacher {
    private final Row row;
    private final Answers answers;
    private int asked;

    Scripted(Row row, Answers answers) {
      this.row = row;
      this.answers = answers;
    }

    @Override
    public LogitsCursor read(TokenBatch batch) {
      int time = asked++;
      return new LogitsCursor() {
        private int slot;

        @Override
        public @Nullable Logits next() {
          while (slot < batch.slots() && batch.padding(slot)) {
            slot++;
          }
          if (slot == batch.slots()) {
            return null;
          }
          float[] logits = new float[V];
          for (int id = 0; id < V; id++) {
            logits[id] = (float) row.logit(batch, slot, id, time);
          }
          return new Logits(LogitBuffer.float32(logits), slot++, 1, V, () -> {});
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Answers answers() {
      return answers;
    }

    @Override
    public String fingerprint() {
      return "scripted";
    }

    @Override
    public int vocabulary() {
      return V;
    }

    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** The five best of a dense teacher's rows, as a served model gives them. */
  private record Served(Scripted dense) implements ReducedTeacher {
    @Override
    public void check(Selection selection) {}

    @Override
    public Set<Scalar> cannotGive() {
      return EnumSet.allOf(Scalar.class);
    }

    @Override
    public StatisticsBatch read(TokenBatch batch, Selection selection) {
      Rows rows = Rows.read(dense, batch, selection);
      int slots = batch.slots();
      int[] offsets = new int[slots + 1];
      int[] ids = new int[5 * slots];
      float[] logProbs = new float[5 * slots];
      for (int slot = 0; slot < slots; slot++) {
        int s = slot;
        int from = offsets[slot];
        offsets[slot + 1] = from + (batch.padding(slot) ? 0 : 5);
        Integer[] order = new Integer[V];
        Arrays.setAll(order, id -> id);
        Arrays.sort(order, (a, b) -> Float.compare(rows.logProb(s, b), rows.logProb(s, a)));
        for (int e = from; e < offsets[slot + 1]; e++) {
          ids[e] = order[e - from];
          logProbs[e] = rows.logProb(slot, ids[e]);
        }
      }
      float[] none = new float[slots];
      Arrays.fill(none, Float.NaN);
      return new StatisticsBatch(batch, offsets, ids, logProbs, none, none, none, none);
    }

    @Override
    public String fingerprint() {
      return "served";
    }

    @Override
    public int vocabulary() {
      return V;
    }

    @Override
    public boolean reproducible() {
      return false;
    }

    @Override
    public void close() {}
  }

  private static TokenBatch sample(int sequences, int length) {
    int[] tokens = new int[sequences * length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (i * i + 3 * i) % V;
    }
    return new TokenBatch(0, length, tokens, new int[tokens.length]);
  }

  private static List<Promise> broken(Teacher teacher, TokenBatch sample) {
    return TeacherCheck.of(teacher, sample, SPEC).stream().map(TeacherFinding::promise).toList();
  }

  private static void assertBroken(Row row, Promise... promises) {
    for (TokenBatch sample : List.of(sample(4, 64), sample(60, 3), sample(1, 9))) {
      assertEquals(
          List.of(promises), broken(new Scripted(row, Teacher.Answers.ANY_TOKENS), sample));
    }
  }

  @Test
  void aTeacherAsItShouldBeIsNotDoubted() {
    assertBroken(TeacherCheckTest::right);
    Teacher served = new Served(new Scripted(TeacherCheckTest::right, Teacher.Answers.ANY_TOKENS));
    assertEquals(List.of(), broken(served, sample(4, 64)));
  }

  @Test
  void whatIsToComeIsSeen() {
    Row row =
        (batch, slot, id, asked) ->
            right(batch, slot, id, asked) + (batch.target(slot) == id ? 5 : 0);
    assertBroken(row, Promise.PAST_ALONE);
    Teacher served = new Served(new Scripted(row, Teacher.Answers.ANY_TOKENS));
    assertEquals(List.of(Promise.PAST_ALONE), broken(served, sample(4, 64)));
  }

  @Test
  void whatElseIsInTheBatchIsSeen() {
    assertBroken(
        (batch, slot, id, asked) ->
            right(batch, slot, id, asked) + (id == 3 ? batch.sequences() : 0),
        Promise.PROMPT_ALONE);
    // The place in a sequence, too: here the segments before are taken for its past.
    assertBroken(
        (batch, slot, id, asked) ->
            right(batch, slot, id, asked) + (id == 3 ? slot % batch.length() : 0),
        Promise.PROMPT_ALONE);
  }

  @Test
  void anotherAnswerIsSeen() {
    Row row = (batch, slot, id, asked) -> right(batch, slot, id, asked) + (id == 3 ? asked : 0);
    List<TeacherFinding> found =
        TeacherCheck.of(new Scripted(row, Teacher.Answers.ANY_TOKENS), sample(4, 64), SPEC);
    assertEquals(Promise.SAME_AGAIN, found.get(0).promise());
    assertTrue(found.get(0).nats() > 0.5 && found.get(0).nats() <= 1, found.toString());
    assertEquals(
        List.of(Promise.SAME_AGAIN),
        broken(new Scripted(row, Teacher.Answers.RECORDED_TOKENS), sample(4, 64)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNotFiniteIsSeen(double wrong) {
    Row row = (batch, slot, id, asked) -> id == 7 && slot == 1 ? wrong : 0;
    for (Teacher.Answers answers :
        List.of(Teacher.Answers.ANY_TOKENS, Teacher.Answers.RECORDED_TOKENS)) {
      List<TeacherFinding> found = TeacherCheck.of(new Scripted(row, answers), sample(4, 64), SPEC);
      assertEquals(new TeacherFinding(Promise.FINITE, 0, 1), found.get(0));
    }
  }

  @Test
  void idsThatCannotComeAreNoFault() {
    assertBroken(
        (batch, slot, id, asked) ->
            id < 5 ? Double.NEGATIVE_INFINITY : right(batch, slot, id, asked));
  }

  @Test
  void roundingIsNoFault() {
    assertBroken(
        (batch, slot, id, asked) ->
            right(batch, slot, id, asked) + (id % 2) * 0.001 * batch.sequences());
  }

  @Test
  void aRecordingThatIsShiftedIsSeen() {
    TokenBatch sample = sample(4, 64);
    for (int shift = 0; shift <= 2; shift++) {
      int by = shift;
      Row row =
          (batch, slot, id, asked) ->
              slot + by < batch.slots() && batch.tokens()[slot + by] == id ? 5 : 0;
      List<Promise> found = broken(new Scripted(row, Teacher.Answers.RECORDED_TOKENS), sample);
      assertEquals(by == 1 ? List.of() : List.of(Promise.NEXT_TOKEN), found);
    }
  }

  @Test
  void whatIsMadeUpIsNotAsked() {
    Scripted never =
        new Scripted(
            (batch, slot, id, asked) -> {
              throw new AssertionError("asked");
            },
            Teacher.Answers.MADE_UP);
    assertEquals(List.of(), broken(never, sample(4, 64)));
  }

  @Test
  void aSampleOfOneTokenTellsNothing() {
    assertEquals(
        List.of(),
        broken(new Scripted(TeacherCheckTest::right, Teacher.Answers.ANY_TOKENS), sample(1, 1)));
  }

  @Test
  void aRecordingIsAskedAboutAFewPositionsOfWideRows() {
    TokenBatch head = Prompts.head(sample(4, 512), 1 << 22, slot -> true);
    assertEquals(40, head.positions());
    assertEquals(512, head.length());
    assertEquals(256, Prompts.head(sample(4, 512), V, slot -> true).positions());
    // Half of a chunk may have none.
    TokenBatch half = Prompts.head(sample(4, 512), 1 << 22, slot -> slot % 512 >= 256);
    assertEquals(256 + 40, half.positions());
  }
}
