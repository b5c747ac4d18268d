package dev.stillhouse.pipeline.teacher.kld;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.TeacherContract;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

class KldContractTest extends TeacherContract {
  static final int V = 51; // Odd: records have a value of padding.
  static final int LENGTH = 12;

  /** Returns tokens of some chunks. */
  static int[][] tokens(int chunks) {
    int[][] tokens = new int[chunks][LENGTH];
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int i = 0; i < LENGTH; i++) {
        tokens[chunk][i] = (i * i + 5 * chunk + i) % V;
      }
    }
    return tokens;
  }

  /** Returns log-probs that depend on the tokens up to a position. */
  static float[] logProbs(int[] chunk, int position) {
    int seed = 0;
    for (int i = 0; i <= position; i++) {
      seed = 31 * seed + chunk[i];
    }
    double[] logits = new double[V];
    double sum = 0;
    for (int id = 0; id < V; id++) {
      logits[id] = 10 * Math.abs(Math.sin(seed + 17.0 * id));
      sum += Math.exp(logits[id]);
    }
    float[] logProbs = new float[V];
    for (int id = 0; id < V; id++) {
      logProbs[id] = (float) (logits[id] - Math.log(sum));
    }
    return logProbs;
  }

  static Path write(Path file, int chunks) throws IOException {
    return KldWriter.write(file, V, tokens(chunks), KldContractTest::logProbs);
  }

  @Override
  protected DenseTeacher open() throws IOException {
    Path file = write(folder.resolve("base.kld"), 3);
    return (DenseTeacher) Teachers.named("kld").open(file.toString(), Optional.empty());
  }

  @Override
  protected TokenBatch batch() {
    TokenBatch batch = TokenBatch.room(1, 2, LENGTH);
    System.arraycopy(tokens(3)[1], 0, batch.tokens(), 0, LENGTH);
    System.arraycopy(tokens(3)[2], 0, batch.tokens(), LENGTH, LENGTH);
    return batch;
  }
}
