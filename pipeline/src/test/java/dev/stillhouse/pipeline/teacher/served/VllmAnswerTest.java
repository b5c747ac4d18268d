package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VllmAnswerTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final long MAX = 1 << 24;

  private static String recorded(String name) throws IOException {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set");
    Path file = Path.of(data, "served", "vllm", name + ".json.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return JACKSON.readTree(in).get("response").get("body").asText();
    }
  }

  private static VllmAnswer read(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return VllmAnswer.read(new Drip(bytes), MAX);
  }

  /** Gives a few bytes at a time, as a network does. */
  private static final class Drip extends ByteArrayInputStream {
    Drip(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int count) {
      return super.read(into, offset, Math.min(count, 1 + pos % 977));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float32/completions-k64",
        "float32/completions-k8",
        "float32/completions-k0",
        "float32/completions-one-token",
        "float32/generate-k64",
        "float32/generate-k8",
        "float32/generate-one-token",
        "bfloat16/completions-k64",
        "raw-logits/completions-k8-chat"
      })
  void readsWhatAGeneralParserReads(String name) throws IOException {
    String text = recorded(name);
    VllmAnswer answer = read(text);
    JsonNode all = JACKSON.readTree(text);
    assertEquals(all.get("usage").get("prompt_tokens").asInt(), answer.promptTokens());
    JsonNode from = all.has("prompt_logprobs") ? all : all.get("choices").get(0);
    compare(from.get("prompt_logprobs"), answer.prompt());
    JsonNode echoed = from.get("prompt_token_ids");
    int[] tokens = answer.prompt().echoed();
    assertEquals(echoed.isNull(), tokens == null);
    if (tokens != null) {
      assertEquals(echoed, JACKSON.valueToTree(tokens));
    }
  }

  @Test
  void anAnswerOfTwoPromptsIsRefused() throws IOException {
    String text = recorded("float32/completions-batch-of-2-k8");
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertEquals("the answer has scores of 2 prompts, 1 was asked", e.getMessage());
  }

  private static void compare(JsonNode rows, PromptScores scores) {
    assertEquals(rows.size(), scores.rows());
    for (int row = 0; row < rows.size(); row++) {
      assertEquals(!rows.get(row).isNull(), scores.given(row));
      int entry = scores.offset(row);
      for (Map.Entry<String, JsonNode> field : rows.get(row).properties()) {
        assertEquals(Integer.parseInt(field.getKey()), scores.id(entry));
        assertEquals(field.getValue().get("logprob").floatValue(), scores.logProb(entry));
        entry++;
      }
      assertEquals(scores.offset(row + 1), entry);
    }
  }

  /**
   * Any answer, in any order of fields, between unknown ones, reads as a general parser reads it.
   */
  @Property(tries = 300)
  void readsAnyAnswerAsAGeneralParserDoes(@ForAll long seed, @ForAll boolean pretty)
      throws IOException {
    Random random = new Random(seed);
    ObjectNode all = JACKSON.createObjectNode();
    ArrayNode rows = JACKSON.createArrayNode();
    for (int row = 0; row < random.nextInt(9); row++) {
      if (random.nextInt(5) == 0) {
        rows.addNull();
        continue;
      }
      ObjectNode entries = rows.addObject();
      for (int e = random.nextInt(70); e >= 0; e--) {
        ObjectNode entry = entries.putObject(String.valueOf(random.nextInt(1 << 20)));
        List<Runnable> fields =
            Arrays.asList(
                () -> entry.put("logprob", logProb(random)),
                () -> entry.put("rank", 1 + random.nextInt(50_000)),
                () -> entry.put("decoded_token", text(random)));
        Collections.shuffle(fields, random);
        fields.forEach(Runnable::run);
      }
    }
    boolean atTop = random.nextBoolean();
    ObjectNode holder = atTop ? all : JACKSON.createObjectNode();
    List<Runnable> fields =
        Arrays.asList(
            () -> holder.set("prompt_logprobs", rows),
            () -> holder.putArray("prompt_token_ids").add(random.nextInt(1 << 20)).add(0),
            () -> holder.putObject(text(random)).putArray("x").addObject().put("}]", text(random)),
            () -> holder.put("text", text(random)));
    Collections.shuffle(fields, random);
    fields.forEach(Runnable::run);
    if (!atTop) {
      all.putArray("choices").add(holder.put("index", 0));
    }
    all.putObject("usage").put("prompt_tokens", 7).put("details", text(random));
    VllmAnswer answer = read(pretty ? all.toPrettyString() : all.toString());
    assertEquals(7, answer.promptTokens());
    compare(rows, answer.prompt());
    int[] echoed = answer.prompt().echoed();
    assertEquals(holder.get("prompt_token_ids"), JACKSON.valueToTree(echoed));
  }

  private static double logProb(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> (float) (-20 * random.nextDouble());
      case 1 -> -random.nextInt(10_000);
      case 2 -> -random.nextDouble() * Math.pow(10, random.nextInt(60) - 50);
      default -> -0.0;
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.appendCodePoint("\"\\{}[],:\n\u0000\u00e9\u20ac9-".codePointAt(random.nextInt(14)));
    }
    return text.toString();
  }

  /** A server that fails in the middle breaks the connection: no part counts as an answer. */
  @ParameterizedTest
  @ValueSource(strings = {"float32/completions-one-token", "float32/generate-one-token"})
  void anAnswerThatIsCutAnywhereIsNone(String name) throws IOException {
    byte[] whole = recorded(name).strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      InputStream cut = new ByteArrayInputStream(whole, 0, length);
      DataException e = assertThrows(DataException.class, () -> VllmAnswer.read(cut, MAX));
      assertTrue(e.getMessage().contains("cut off"), length + ": " + e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt_logprobs\":[null,{\"x\":{\"logprob\":-1}}]} | byte 27: need a whole number, found 'x'",
        "{\"prompt_logprobs\":[null,{\"5\":-1.5}]} | need '{', found '-'",
        "{\"prompt_logprobs\":[null,{\"5\":{\"logprob\":NaN}}]} | need a number of up to 63 bytes, found 'N'",
        "{\"prompt_logprobs\":[null,{\"4294967296\":{\"logprob\":-1}}]} | need a whole number up to 2,147,483,647",
        "{\"prompt_logprobs\":[null]} x | need the end of the answer, found 'x'",
        "{\"choices\":[]} | scores of 0 prompts, 1 was asked",
        "{\"choices\":[{\"index\":0,\"prompt_logprobs\":null}]} | scores of 0 prompts, 1 was asked",
        "{\"error\":{\"message\":\"no\"}} | an error, with status 200",
        "[] | need '{', found '['",
      })
  void whatIsWrongIsSaid(String text, String said) {
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }
}
