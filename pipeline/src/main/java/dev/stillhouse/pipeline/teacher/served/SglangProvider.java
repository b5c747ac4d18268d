package dev.stillhouse.pipeline.teacher.served;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import java.util.Optional;

/** Opens {@code sglang:URL}. */
public final class SglangProvider implements TeacherProvider {
  @Override
  public String name() {
    return "sglang";
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    ServedSettings settings = ServedSettings.parse(name(), argument);
    return ServedTeacher.open(
        new SglangApi(),
        settings,
        BearerSecret.of(settings, System.getenv()),
        ServerLink.MAX_ANSWER);
  }

  /** Leaves the servers out: a host is of one place. */
  @Override
  public String label(String argument) {
    return ServedSettings.label(argument);
  }
}
