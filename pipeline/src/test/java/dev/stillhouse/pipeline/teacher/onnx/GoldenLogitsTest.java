package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * A trained model against values that were computed without its ONNX file, in float64. The texts
 * lie packed in one sequence, as segments of unlike lengths.
 */
abstract class GoldenLogitsTest {
  static final double LOGIT = 1e-4;

  private JsonNode golden = new ObjectMapper().createObjectNode();
  private Path model = Path.of("");

  /**
   * The folder with {@code model.onnx} and {@code golden.json}; skips the test where it is absent.
   */
  abstract Path folder();

  @BeforeEach
  void find() throws IOException {
    golden = new ObjectMapper().readTree(folder().resolve("golden.json").toFile());
    model = folder().resolve("model.onnx");
  }

  final JsonNode golden() {
    return golden;
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
            rows[lent.firstSlot() + i] = new float[vocabulary()];
            lent.rows().get(i * vocabulary(), rows[lent.firstSlot() + i], vocabulary());
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
          new StatisticsAssembler(teacher, StatisticSpec.parse("top-k:8"), vocabulary())
              .read(batch());
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

  final int vocabulary() {
    return golden.get("vocab_size").asInt();
  }

  final OnnxTeacher open(String settings) {
    return OnnxTeacher.open(OnnxArgument.parse(model + settings));
  }

  final List<JsonNode> positions() {
    List<JsonNode> positions = new ArrayList<>();
    golden.get("texts").forEach(text -> text.get("positions").forEach(positions::add));
    return positions;
  }

  final TokenBatch batch() {
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
