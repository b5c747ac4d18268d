package dev.stillhouse.pipeline.teacher.ngram;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.Optional;

class NgramContractTest extends TeacherContract {
  @Override
  protected DenseTeacher open() {
    NgramProvider provider = new NgramProvider();
    byte[] blob = provider.prepare("", List.of(batch()), 9).orElseThrow();
    return (DenseTeacher) provider.open("", Optional.of(ByteSource.wrap(blob)));
  }

  @Override
  protected TokenBatch batch() {
    return sample(9, 24);
  }
}
