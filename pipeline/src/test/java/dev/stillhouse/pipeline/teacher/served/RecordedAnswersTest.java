package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What real servers said of a real model (SmolLM2-135M-Instruct), as statistics, against an
 * independent computation in float32 (transformers; log-softmax in float64).
 */
class RecordedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VOCABULARY = 49_152;

  private static JsonNode recorded(String name) throws IOException {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set");
    Path file = Path.of(data, "served", name + ".json.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return JSON.readTree(in);
    }
  }

  /**
   * @param nats max difference of a log-prob: float32 of two programs, or weights in bfloat16
   */
  @ParameterizedTest
  @CsvSource({
    "vllm/float32/completions-k64, 64, 1e-4",
    "vllm/float32/generate-k64, 64, 1e-4",
    "vllm/float32/completions-k8, 8, 1e-4",
    "vllm/float32/generate-k8, 8, 1e-4",
    "vllm/bfloat16/completions-k64, 64, 0.47",
    "sglang/flat-base64, 8, 1e-4",
    "sglang/nested, 8, 1e-4",
  })
  void areThoseOfAnIndependentComputation(String name, int k, double nats) throws IOException {
    JsonNode exchange = recorded(name);
    exchange = exchange.isArray() ? exchange.get(0) : exchange;
    boolean vllm = name.startsWith("vllm");
    JsonNode request = vllm ? exchange.at("/request/body") : exchange.get("request");
    String field = vllm ? (request.has("prompt") ? "prompt" : "token_ids") : "input_ids";
    int[] prompt = JSON.convertValue(request.get(field), int[].class);
    String text = vllm ? exchange.at("/response/body").asText() : exchange.get("answer").toString();
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Selection selection = Selection.topK(VOCABULARY, k);
    StatisticsBatch answer =
        vllm
            ? ServedAlone.vllm(body, prompt, selection)
            : ServedAlone.sglang(body, prompt, selection);
    compare(answer, golden(prompt), k, nats);
  }

  private static JsonNode golden(int[] prompt) throws IOException {
    for (JsonNode text : recorded("golden/golden").get("texts")) {
      if (text.get("ids").equals(JSON.valueToTree(prompt))) {
        return text;
      }
    }
    throw new IllegalStateException("no golden text has these tokens");
  }

  private static void compare(StatisticsBatch answer, JsonNode golden, int k, double nats) {
    int slots = answer.tokens().slots();
    int compared = 0;
    for (int slot = 0; slot < slots; slot++) {
      assertEquals(k, answer.offsets()[slot + 1] - answer.offsets()[slot]);
      double kept = 0;
      for (int e = answer.offsets()[slot]; e < answer.offsets()[slot + 1]; e++) {
        JsonNode ids = golden.get("top_ids").get(slot);
        int id = answer.ids()[e];
        int at =
            IntStream.range(0, ids.size())
                .filter(i -> ids.get(i).asInt() == id)
                .findAny()
                .orElse(-1);
        if (at >= 0) {
          double there = golden.get("top_log_probs").get(slot).get(at).asDouble();
          assertEquals(there, answer.logProbs()[e], nats, "slot " + slot + ", token " + id);
          kept += Math.exp(there);
          compared++;
        }
      }
      assertEquals(1 - kept, Math.exp(answer.logTail()[slot]), 3 * nats, "tail of slot " + slot);
      if (slot + 1 < slots) { // The last target is the prompt's last token, which is no position.
        double target = golden.get("target_log_prob").get(slot).asDouble();
        assertEquals(target, answer.targetLogProb()[slot], nats, "target of slot " + slot);
      }
    }
    assertTrue(compared > 0.98 * k * slots || nats > 0.1, "compared " + compared);
  }
}
