package dev.stillhouse.pipeline.teacher.logits;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;

class LogitsContractTest extends TeacherContract {
  private static final int V = 5;
  private static final int T = 24;

  @Override
  protected DenseTeacher open() throws IOException {
    float[] values = new float[2 * T * V];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7;
    }
    Path file = folder.resolve("a.npy");
    NpyFiles.write(file, "<f4", "(2, 24, 5)", NpyFiles.logits("<f4", values));
    byte[] ids = NpyFiles.ids("<i4", batch().tokens());
    NpyFiles.write(folder.resolve("a.ids.npy"), "<i4", "(2, 24)", ids);
    return new LogitsTeacher(LogitsFiles.parse(file.toString()), 1000);
  }

  @Override
  protected TokenBatch batch() {
    return sample(V, T);
  }
}
