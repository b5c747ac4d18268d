package dev.stillhouse.pipeline.teacher.onnx;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;

class OnnxContractTest extends TeacherContract {
  @Override
  protected DenseTeacher open() throws IOException {
    String model =
        new TinyModel(TinyModel.table(6)).mask().write(folder.resolve("m.onnx")).toString();
    return OnnxTeacher.open(OnnxArgument.parse(model + ",context=5,stride=2"));
  }

  @Override
  protected TokenBatch batch() {
    return sample(6, 24);
  }
}
