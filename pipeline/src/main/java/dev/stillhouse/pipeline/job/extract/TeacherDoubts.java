package dev.stillhouse.pipeline.job.extract;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import dev.stillhouse.pipeline.teacher.check.TeacherFinding;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.TeacherDoubt;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks a teacher before a job asks it for a whole corpus, and reports doubts. */
final class TeacherDoubts {
  private final ExtractRequest request;
  private final JobListener listener;

  TeacherDoubts(ExtractRequest request, JobListener listener) {
    this.request = request;
    this.listener = listener;
  }

  /**
   * Returns the promises that are not kept, for the manifest.
   *
   * @throws DataException if there are any and the request says so
   */
  List<TeacherDoubt> of(Teacher teacher, TokenBatch sample, Selection selection) {
    if (request.teacherCheck() == TeacherCheck.Mode.OFF) {
      return ImmutableList.of();
    }
    checkFirstToken(teacher);
    List<TeacherFinding> findings = TeacherCheck.of(teacher, sample, selection);
    if (findings.isEmpty()) {
      return ImmutableList.of();
    }
    String told = TeacherCheck.message(label(), findings);
    if (request.teacherCheck() == TeacherCheck.Mode.FAIL) {
      throw new DataException(told + "; --teacher-check warn goes on all the same");
    }
    listener.warn(told);
    return findings.stream().map(TeacherFinding::doubt).toList();
  }

  private String label() {
    return TeacherName.parse(request.teacher()).label();
  }

  /** Warns of a first token that is text: it is most likely that of another tokenizer. */
  private void checkFirstToken(Teacher teacher) {
    OptionalInt first =
        teacher instanceof DenseTeacher dense ? dense.firstToken() : OptionalInt.empty();
    if (first.isEmpty()) {
      return;
    }
    Optional<TextTokenizer> tokenizer = request.source().tokenizer();
    int id = first.getAsInt();
    if (tokenizer.isPresent()
        && (id >= tokenizer.get().vocabulary() || !tokenizer.get().special(id))) {
      listener.warn(
          String.format(
              "teacher %s puts token %d before every text, which is '%s' in tokenizer %s and no"
                  + " special token; was the model trained with it there?",
              label(),
              id,
              id < tokenizer.get().vocabulary()
                  ? tokenizer.get().decode(new int[] {id})
                  : "nothing",
              tokenizer.get().name()));
    }
  }
}
