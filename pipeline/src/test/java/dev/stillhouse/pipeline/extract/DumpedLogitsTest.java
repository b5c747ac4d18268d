package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.Floats;
import dev.stillhouse.pipeline.extract.ScriptedTeacher.Block;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.pipeline.teacher.logits.NpyFiles;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of logits gives the statistics of the teacher that was dumped into it. */
class DumpedLogitsTest {
  private static final int V = 300;
  private static final TokenBatch BATCH =
      new TokenBatch(
          0, 4, new int[] {5, 6, 7, 8, 9, 10, 0, 0}, new int[] {0, 0, 1, 1, 0, 0, -1, -1});

  @TempDir Path directory;

  @Test
  void theStatisticsAreThoseOfTheRows() throws IOException {
    Random random = new Random(3);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      float[] row = new float[V];
      for (int id = 0; id < V; id++) {
        row[id] = (float) (4 * random.nextGaussian());
      }
      rows.add(row);
    }
    Path file = directory.resolve("a.npy");
    byte[] data = NpyFiles.logits("<f4", Floats.concat(rows.toArray(float[][]::new)));
    NpyFiles.write(file, "<f4", "(2, 4, 300)", data);
    NpyFiles.write(
        directory.resolve("ids.npy"), "<i8", "(2, 4)", NpyFiles.ids("<i8", BATCH.tokens()));
    String argument = file + ",ids=" + directory.resolve("ids.npy");
    StatisticSpec spec = StatisticSpec.ofTopK(8);
    StatisticsBatch scripted =
        new StatisticsAssembler(
                new ScriptedTeacher(V, List.of(new Block(0, rows.subList(0, 6)))), spec, V)
            .read(BATCH);
    try (DenseTeacher teacher =
        (DenseTeacher) Teachers.named("logits").open(argument, Optional.empty())) {
      StatisticsBatch dumped = new StatisticsAssembler(teacher, spec, V).read(BATCH);
      assertArrayEquals(scripted.ids(), dumped.ids());
      assertArrayEquals(scripted.logProbs(), dumped.logProbs());
      assertArrayEquals(scripted.logTail(), dumped.logTail());
      assertArrayEquals(scripted.entropy(), dumped.entropy());
      assertArrayEquals(scripted.logNormaliser(), dumped.logNormaliser());
      assertArrayEquals(scripted.targetLogProb(), dumped.targetLogProb());
      for (int slot = 0; slot < 6; slot++) {
        NaiveStatistic naive = new NaiveStatistic(rows.get(slot), 8);
        int at = dumped.offsets()[slot];
        for (int i = 0; i < 8; i++) {
          assertEquals(naive.ids.get(i), dumped.ids()[at + i]);
        }
        assertEquals(naive.logNormaliser(), dumped.logNormaliser()[slot], 1e-5);
        assertEquals(naive.entropy, dumped.entropy()[slot], 1e-5);
      }
    }
  }
}
