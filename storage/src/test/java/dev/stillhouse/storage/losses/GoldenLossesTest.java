package dev.stillhouse.storage.losses;

import static dev.stillhouse.storage.losses.SamplePositions.kept;
import static dev.stillhouse.storage.losses.SamplePositions.logits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The file that other languages' losses are held to has what these classes give, to 1e-12.
 *
 * <p>{@code -Dstillhouse.draw=true} writes it anew.
 */
class GoldenLossesTest {
  private static final Path FILE = Path.of("..", "testdata", "losses", "golden.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int V = 13;
  private static final int POSITIONS = 6;
  private static final int[] COUNTS = {3, 0, 2, 1};
  private static final double[] PROPOSALS = {-0.5, -2, -1.5, -3};
  private static final byte[] REASONS = {3, 9, 2, 2};

  private static final Map<String, StudentLoss> LOSSES =
      new TreeMap<>(
          Map.of(
              "tailBucket", TailBucket::of,
              "renormalised", TopK::renormalised,
              "sampled", SampledEstimate::of,
              "union", UnionEstimate::of));

  @Test
  void theFileHasWhatTheClassesGive() throws IOException {
    ObjectNode now = computed();
    if (Boolean.getBoolean("stillhouse.draw")) {
      Files.writeString(FILE, JSON.writeValueAsString(now) + "\n");
    }
    same("", now, JSON.readTree(Files.readString(FILE)));
  }

  private static ObjectNode computed() {
    ObjectNode file = JSON.createObjectNode();
    file.put("draws", 6);
    for (int at = 0; at < POSITIONS; at++) {
      PositionStatistic teacher = teacher(at);
      double[] student = logits(V, 1.5, 100 + at);
      file.withArray("logits").add(numbers(student));
      file.withArray("ids").add(JSON.valueToTree(teacher.ids()));
      file.withArray("logProbs").add(numbers(teacher.logProbs()));
      file.withArray("logTail").add(teacher.logTail());
      file.withArray("reasons").add(JSON.valueToTree(new int[] {3, 9, 2, 2}));
      file.withArray("counts").add(JSON.valueToTree(teacher.counts()));
      file.withArray("logProposals").add(numbers(teacher.logProposals()));
      LOSSES.forEach(
          (name, loss) -> {
            Loss its = loss.of(teacher, student);
            ObjectNode told = file.withObject("/" + name);
            told.withArray("values").add(its.value());
            told.withArray("gradients").add(numbers(its.gradient()));
          });
    }
    return file;
  }

  private static PositionStatistic teacher(int at) {
    int[] ids = {at, (at + 5) % V, (at + 3) % V, (at + 8) % V};
    return kept(logits(V, 1.5, at), ids, COUNTS, PROPOSALS, REASONS);
  }

  private static ArrayNode numbers(double[] values) {
    return JSON.valueToTree(values);
  }

  private static void same(String where, JsonNode now, JsonNode file) {
    assertEquals(now.size(), file.size(), where);
    if (now.isNumber()) {
      assertEquals(now.doubleValue(), file.doubleValue(), 1e-12, where);
    } else if (now.isObject()) {
      now.fieldNames()
          .forEachRemaining(name -> same(where + "/" + name, now.get(name), file.path(name)));
    } else {
      for (int i = 0; i < now.size(); i++) {
        same(where + "/" + i, now.get(i), file.get(i));
      }
    }
  }
}
