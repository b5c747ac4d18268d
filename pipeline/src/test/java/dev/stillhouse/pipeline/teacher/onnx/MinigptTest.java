package dev.stillhouse.pipeline.teacher.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.tokenizer.TextEncoder;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The project's own teacher, with GPT-2's 50,257 ids. */
class MinigptTest extends GoldenLogitsTest {
  @Override
  Path folder() {
    return Path.of("../testdata/minigpt");
  }

  @Test
  void goldenIdsAreThoseOfTheTokenizer() {
    for (JsonNode text : golden().get("texts")) {
      List<Integer> expected = new ArrayList<>();
      text.get("ids").forEach(id -> expected.add(id.asInt()));
      List<Integer> ids = new ArrayList<>();
      TextEncoder encoder = Tokenizers.named("gpt2").encoder("golden.json", ids::add);
      encoder.text(text.get("text").asText());
      encoder.end();
      assertEquals(expected, ids);
    }
  }
}
