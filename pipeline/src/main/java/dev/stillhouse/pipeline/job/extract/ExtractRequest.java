package dev.stillhouse.pipeline.job.extract;

import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.job.replicate.Placement;
import dev.stillhouse.pipeline.teacher.check.TeacherCheck;
import java.util.List;

/**
 * A request for an extraction.
 *
 * @param source the text, or existing token shards
 * @param teacher as the command line names it
 * @param statistic text form of the statistic
 * @param layout name of the layout
 * @param out path or URI of the dataset
 * @param append whether the tokens become the next version of an existing dataset
 * @param placement regions of the dataset, besides {@code out}
 * @param beam options for Beam and its runner
 * @param teacherCheck what happens with a teacher that does not keep its promises
 */
public record ExtractRequest(
    TokenSource source,
    String teacher,
    String statistic,
    String layout,
    String out,
    boolean append,
    Placement placement,
    List<String> beam,
    TeacherCheck.Mode teacherCheck) {

  /** Creates a request without other regions. */
  public ExtractRequest(
      TokenSource source,
      String teacher,
      String statistic,
      String layout,
      String out,
      boolean append,
      List<String> beam) {
    this(
        source,
        teacher,
        statistic,
        layout,
        out,
        append,
        Placement.homeAlone(),
        beam,
        TeacherCheck.Mode.WARN);
  }
}
