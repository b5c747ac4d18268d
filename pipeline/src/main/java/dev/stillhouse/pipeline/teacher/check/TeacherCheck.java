package dev.stillhouse.pipeline.teacher.check;

import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Checks a teacher's promises on some fifty positions: its rows are finite, are the same when asked
 * again, depend on no later token, and on nothing but their own prompt.
 *
 * <p>A teacher that answers for recorded tokens alone cannot be asked for others. Its rows must fit
 * the next token better than their own or the one after; a shifted recording does not.
 */
public final class TeacherCheck {
  /** Nats that rounding may change: calls of another shape may add in another order. */
  private static final double ROUNDING = 0.05;

  /** Nats of one step of a two-byte logit. */
  private static final double COARSE_ROUNDING = 0.5;

  /** Entries that are compared of a statistic that keeps none for being among the best. */
  private static final int MIN_ENTRIES = 16;

  private final Teacher teacher;
  private final Selection selection;
  private final List<TeacherFinding> findings = new ArrayList<>();

  private TeacherCheck(Teacher teacher, Selection selection) {
    this.teacher = teacher;
    this.selection = selection;
  }

  /** What happens if a promise is not kept. */
  public enum Mode {
    /** A warning, which the manifest keeps. */
    WARN,
    /** The run fails. */
    FAIL,
    /** No check. */
    OFF;

    /** Returns the name on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns the promises that are not kept; none if all is well.
   *
   * @param sample the first sequences of the corpus, as a job asks for them
   * @param selection what a reduced teacher is asked for
   */
  public static List<TeacherFinding> of(Teacher teacher, TokenBatch sample, Selection selection) {
    TeacherCheck check = new TeacherCheck(teacher, ofDistributions(selection));
    switch (teacher.answers()) {
      case ANY_TOKENS -> check.ask(Prompts.of(sample, teacher.vocabulary()));
      case RECORDED_TOKENS -> check.replay(sample);
      case MADE_UP -> {}
    }
    return List.copyOf(check.findings);
  }

  /**
   * Returns the selection without draws and targets: which entries these keep depends on where a
   * row lies and on what comes after it, so that rows of equal distributions would differ.
   */
  private static Selection ofDistributions(Selection selection) {
    StatisticSpec spec = selection.spec();
    int least = spec.maxTop() > 0 ? 0 : Math.min(MIN_ENTRIES, selection.vocabulary());
    return new Selection(
        selection.vocabulary(),
        new StatisticSpec(
            Math.max(spec.topK(), least),
            spec.topP(),
            Optional.empty(),
            spec.forced(),
            false,
            spec.normalisersAt()),
        selection.forced());
  }

  /** Returns all findings in one sentence each, for people. */
  public static String message(String teacher, List<TeacherFinding> findings) {
    return findings.stream()
        .map(finding -> "teacher " + teacher + ": " + finding)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private void ask(Prompts prompts) {
    if (prompts.isEmpty()) {
      return;
    }
    Rows rows = read(prompts.together());
    finite(rows);
    Difference again = new Difference();
    Difference future = new Difference();
    Difference company = new Difference();
    Rows second = read(prompts.together());
    Rows changed = read(prompts.withOtherEnds().together());
    Rows packed = read(prompts.packed());
    for (int p = 0; p < prompts.size(); p++) {
      Rows alone = read(prompts.alone(p));
      for (int t = 0; t < prompts.length(p); t++) {
        int slot = prompts.slot(p, t);
        again.add(rows.difference(slot, second, slot), t);
        if (t < prompts.end(p)) {
          future.add(rows.difference(slot, changed, slot), t);
        }
        company.add(rows.difference(slot, alone, t), t);
        company.add(rows.difference(slot, packed, prompts.packedSlot(p, t)), t);
      }
    }
    double rounding = rows.coarse() ? COARSE_ROUNDING : ROUNDING;
    again.tell(TeacherFinding.Promise.SAME_AGAIN, rounding);
    future.tell(TeacherFinding.Promise.PAST_ALONE, rounding);
    company.tell(TeacherFinding.Promise.PROMPT_ALONE, rounding);
  }

  private void replay(TokenBatch recorded) {
    TokenBatch sample =
        Prompts.head(recorded, teacher.vocabulary(), slot -> Rows.gives(teacher, recorded, slot));
    Rows rows = read(sample);
    finite(rows);
    Rows second = read(sample);
    Difference again = new Difference();
    for (int slot = 0; slot < sample.slots(); slot++) {
      if (rows.has(slot)) {
        again.add(rows.difference(slot, second, slot), slot % sample.length());
      }
    }
    again.tell(TeacherFinding.Promise.SAME_AGAIN, ROUNDING);
    Shift.of(rows, sample).ifPresent(findings::add);
  }

  private Rows read(TokenBatch batch) {
    return Rows.read(teacher, batch, selection);
  }

  private void finite(Rows rows) {
    if (rows.notFinite() >= 0) {
      findings.add(new TeacherFinding(TeacherFinding.Promise.FINITE, 0, rows.notFinite()));
    }
  }

  /** The largest difference so far, and where it is. */
  private final class Difference {
    private double nats;
    private int position;

    void add(double difference, int at) {
      if (difference > nats) {
        nats = difference;
        position = at;
      }
    }

    void tell(TeacherFinding.Promise promise, double rounding) {
      if (nats > rounding) {
        findings.add(new TeacherFinding(promise, nats, position));
      }
    }
  }
}
