package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.pipeline.extract.StatisticsAssembler;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A trained Llama against values that were computed without its ONNX file, in float64. The texts
 * lie packed in one sequence, as segments of unlike lengths.
 */
class StoriesTest {
  private static final int V = 512;
  private static final double LOGIT = 1e-4;

  private JsonNode golden = new ObjectMapper().createObjectNode();
  private Path model = Path.of("");

  @BeforeEach
  void find() throws IOException {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set: no trained model to compare with");
    Path folder = Path.of(String.valueOf(data), "stories260k");
    golden = new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
    model = folder.resolve("model.onnx");
  }

  @Test
  void logitsAreThoseOfTheModelCard() {
    List<JsonNode> positions = positions();
    float[][] rows = new float[positions.size()][];
    try (OnnxTeacher teacher = open("");
        LogitsCursor cursor = teacher.read(batch())) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          for (int i = 0; i < lent.count(); i++) {
            rows[lent.firstSlot() + i] = new float[V];
            lent.rows().get(i * V, rows[lent.firstSlot() + i], V);
          }
        }
      }
    }
    for (int slot = 0; slot < rows.length; slot++) {
      for (JsonNode top : positions.get(slot).get("top")) {
        float logit = rows[slot][top.get(0).asInt()];
        assertEquals(top.get(1).asDouble(), logit, LOGIT, "slot " + slot + ", id " + top.get(0));
      }
    }
  }

  @Test
  void statisticsAreThoseOfTheModelCard() {
    List<JsonNode> positions = positions();
    try (OnnxTeacher teacher = open("")) {
      StatisticsBatch batch =
          new StatisticsAssembler(teacher, StatisticSpec.parse("top-k:8"), V).read(batch());
      for (int slot = 0; slot < positions.size(); slot++) {
        JsonNode position = positions.get(slot);
        double lse = position.get("lse").asDouble();
        assertEquals(lse, batch.logNormaliser()[slot], LOGIT);
        for (int j = 0; j < 8; j++) {
          JsonNode top = position.get("top").get(j);
          assertEquals(top.get(0).asInt(), batch.ids()[8 * slot + j], "slot " + slot);
          assertEquals(top.get(1).asDouble() - lse, batch.logProbs()[8 * slot + j], LOGIT);
        }
        JsonNode next = position.get("next");
        if (next == null) {
          assertTrue(Float.isNaN(batch.targetLogProb()[slot]));
        } else {
          assertEquals(next.get(1).asDouble() - lse, batch.targetLogProb()[slot], LOGIT);
        }
      }
    }
  }

  @Test
  void theFirstTokenMayBeLeftToTheTeacher() {
    // Every golden text begins with the model's first token; here it is no position of the batch.
    int bos = golden.get("bos_id").asInt();
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
          new StatisticsAssembler(teacher, StatisticSpec.parse("top-k:1"), V)
              .read(new TokenBatch(0, tokens.length, tokens, segments));
      for (int i = 0; i < tokens.length; i++) {
        double lse = positions().get(kept.get(i)).get("lse").asDouble();
        assertEquals(lse, batch.logNormaliser()[i], LOGIT);
      }
    }
  }

  private OnnxTeacher open(String settings) {
    return OnnxTeacher.open(OnnxArgument.parse(model + settings));
  }

  private List<JsonNode> positions() {
    List<JsonNode> positions = new ArrayList<>();
    golden.get("texts").forEach(text -> text.get("positions").forEach(positions::add));
    return positions;
  }

  private TokenBatch batch() {
    int[] tokens = new int[positions().size()];
    int[] segments = new int[tokens.length];
    int at = 0;
    for (int text = 0; text < golden.get("texts").size(); text++) {
      JsonNode ids = golden.get("texts").get(text).get("ids");
      Arrays.fill(segments, at, at + ids.size(), text);
      for (JsonNode id : ids) {
        tokens[at++] = id.asInt();
      }
    }
    assertEquals(tokens.length, at);
    return new TokenBatch(0, tokens.length, tokens, segments);
  }
}
