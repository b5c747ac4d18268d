package dev.stillhouse.pipeline.teacher.synthetic;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.Optional;

class SyntheticContractTest extends TeacherContract {
  @Override
  protected DenseTeacher open() {
    return (DenseTeacher) new SyntheticProvider().open("vocabulary=300", Optional.empty());
  }

  @Override
  protected TokenBatch batch() {
    return sample(300, 24);
  }
}
