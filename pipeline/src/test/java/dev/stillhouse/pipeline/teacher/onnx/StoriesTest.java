package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Llama of 260,032 parameters and 512 ids; it needs its first token. */
class StoriesTest extends GoldenLogitsTest {
  @Override
  Path folder() {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set: no trained model to compare with");
    return Path.of(String.valueOf(data), "stories260k");
  }

  @Test
  void theFirstTokenMayBeLeftToTheTeacher() {
    // Every golden text begins with the model's first token; here it is no position of the batch.
    int bos = golden().get("bos_id").asInt();
    TokenBatch whole = batch();
    List<Integer> kept = new ArrayList<>();
    for (int slot = 0; slot < whole.slots(); slot++) {
      boolean first = slot == 0 || whole.segments()[slot] != whole.segments()[slot - 1];
      assertEquals(first, whole.tokens()[slot] == bos);
      if (!first) {
        kept.add(slot);
      }
    }
    int[] tokens = kept.stream().mapToInt(slot -> whole.tokens()[slot]).toArray();
    int[] segments = kept.stream().mapToInt(slot -> whole.segments()[slot]).toArray();
    try (OnnxTeacher teacher = open(",bos=" + bos)) {
      StatisticsBatch batch =
          new StatisticsAssembler(teacher, StatisticSpec.parse("top-k:1"), vocabulary())
              .read(new TokenBatch(0, tokens.length, tokens, segments));
      for (int i = 0; i < tokens.length; i++) {
        double lse = positions().get(kept.get(i)).get("lse").asDouble();
        assertEquals(lse, batch.logNormaliser()[i], LOGIT);
      }
    }
  }
}
