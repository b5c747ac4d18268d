package dev.stillhouse.pipeline.teacher.onnx;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import java.util.Optional;

/** Opens {@code --teacher onnx:FILE[,context=C][,stride=S][,bos=ID]}: a model in a file. */
public final class OnnxProvider implements TeacherProvider {
  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    return OnnxTeacher.open(OnnxArgument.parse(argument));
  }
}
