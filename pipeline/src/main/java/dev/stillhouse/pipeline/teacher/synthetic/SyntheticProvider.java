package dev.stillhouse.pipeline.teacher.synthetic;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import java.util.Optional;

/** Opens {@code --teacher synthetic[:vocabulary=V][,rows=R][,seed=S][,deviation=D]}. */
public final class SyntheticProvider implements TeacherProvider {
  @Override
  public String name() {
    return "synthetic";
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    return new SyntheticTeacher(SyntheticSettings.parse(argument));
  }
}
