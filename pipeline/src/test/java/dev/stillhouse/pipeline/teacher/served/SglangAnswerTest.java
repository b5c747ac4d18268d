package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers whose fields SGLang 0.5.23's own functions made, with golden log-probs in them. */
class SglangAnswerTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private static JsonNode recorded(String name) throws IOException {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set");
    Path file = Path.of(data, "served", "sglang", name + ".json.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return JACKSON.readTree(in);
    }
  }

  private static JsonNode first(String name) throws IOException {
    JsonNode all = recorded(name);
    return all.isArray() ? all.get(0) : all;
  }

  private static PromptScores read(JsonNode exchange) throws IOException {
    int[] prompt = JACKSON.convertValue(exchange.at("/request/input_ids"), int[].class);
    int top = exchange.at("/request/top_logprobs_num").asInt();
    byte[] bytes = exchange.get("answer").toString().getBytes(StandardCharsets.UTF_8);
    return SglangAnswer.read(
        new ByteArrayInputStream(bytes),
        new Question(prompt, top, ImmutableIntArray.of()),
        1 << 24);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flat-base64", "flat-lists", "nested", "ragged-so-nested-though-base64-was-asked"})
  void everyFormReadsAsTheNestedOne(String name) throws IOException {
    JsonNode exchange = first(name);
    PromptScores scores = read(exchange);
    JsonNode rows = first("nested").at("/answer/meta_info/input_top_logprobs");
    JsonNode own = exchange.at("/answer/meta_info/input_token_logprobs");
    assertEquals(rows.size(), scores.rows());
    assertFalse(scores.given(0));
    int same = 0;
    for (int row = 1; row < rows.size(); row++) {
      assertTrue(scores.given(row));
      assertEquals(own.get(row).get(0).floatValue(), scores.target(row));
      int count = scores.offset(row + 1) - scores.offset(row);
      assertTrue(count <= rows.get(row).size());
      for (int e = 0; e < count; e++) {
        JsonNode entry = rows.get(row).get(e);
        assertEquals(entry.get(1).asInt(), scores.id(scores.offset(row) + e));
        assertEquals(entry.get(0).floatValue(), scores.logProb(scores.offset(row) + e));
        same++;
      }
    }
    assertTrue(same > 8 * (rows.size() - 2), "entries compared: " + same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router-dropped-the-field | a router on the way may have dropped",
        "start-len-minus-one-nothing-of-the-prompt | 0 rows of scores and 0 of the prompt's own",
      })
  void whatIsMissingIsSaid(String name, String said) throws IOException {
    JsonNode exchange = first(name);
    DataException e = assertThrows(DataException.class, () -> read(exchange));
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }

  /** orjson writes NaN and infinity as null; base64 keeps them. */
  @ParameterizedTest
  @ValueSource(strings = {"odd-values-nested", "odd-values-flat-base64"})
  void oddValuesArrive(String name) throws IOException {
    PromptScores scores = read(first(name));
    int odd = 0;
    for (int e = 0; e < scores.offset(scores.rows()); e++) {
      odd += Float.isFinite(scores.logProb(e)) ? 0 : 1;
    }
    assertTrue(odd > 0, "none of " + scores.offset(scores.rows()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat-base64", "nested"})
  void anAnswerThatIsCutAnywhereIsNone(String name) throws IOException {
    JsonNode exchange = first(name);
    int[] prompt = JACKSON.convertValue(exchange.at("/request/input_ids"), int[].class);
    byte[] whole = exchange.get("answer").toString().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length += 1 + length / 50) {
      InputStream cut = new ByteArrayInputStream(whole, 0, length);
      Question question = new Question(prompt, 8, ImmutableIntArray.of());
      assertThrows(
          CutAnswerException.class, () -> SglangAnswer.read(cut, question, 1 << 24), "" + length);
    }
  }
}
