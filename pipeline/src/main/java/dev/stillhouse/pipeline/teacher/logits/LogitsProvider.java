package dev.stillhouse.pipeline.teacher.logits;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import java.util.Optional;

/** Opens {@code --teacher logits:FILE.npy[,ids=IDS.npy]}. */
public final class LogitsProvider implements TeacherProvider {
  @Override
  public String name() {
    return "logits";
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    return new LogitsTeacher(LogitsFiles.parse(argument), NpyFile.WINDOW);
  }
}
