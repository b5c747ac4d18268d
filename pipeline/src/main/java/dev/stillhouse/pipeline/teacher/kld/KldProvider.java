package dev.stillhouse.pipeline.teacher.kld;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.storage.UsageException;
import java.util.Optional;

/** Opens {@code --teacher kld:FILE}. */
public final class KldProvider implements TeacherProvider {
  @Override
  public String name() {
    return "kld";
  }

  /** Opens the file that the text behind {@code kld:} names. */
  public static KldFile file(String argument) {
    if (argument.isEmpty()) {
      throw new UsageException(
          "kld: name the file that llama-perplexity --kl-divergence-base wrote, as in kld:base.kld");
    }
    return new KldFile(LocalPath.of("kld", argument));
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    return new KldTeacher(file(argument));
  }
}
