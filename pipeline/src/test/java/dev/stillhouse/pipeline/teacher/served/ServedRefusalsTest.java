package dev.stillhouse.pipeline.teacher.served;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server cannot give is refused before any work; a wrong answer is named with its row. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServedRefusalsTest {
  private final FakeVllm kind = new FakeVllm();
  private final FakeServer server;

  ServedRefusalsTest() throws IOException {
    server = new FakeServer(kind, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ServedTeacher open(ServedApi api, String settings) {
    return ServedTeacher.open(
        api,
        ServedSettings.parse(api.name(), server.url() + settings),
        Optional.empty(),
        Duration.ofSeconds(20));
  }

  private static Selection selection(String statistic) {
    StatisticSpec spec = StatisticSpec.parse(statistic);
    return new Selection(
        FakeModel.V,
        spec,
        spec.forced().isPresent() ? ImmutableIntArray.of(3) : ImmutableIntArray.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample:4 | cannot give sample: it gives the best entries",
        "top-k:5+normaliser-at:2.0 | cannot give normaliser-at",
        "top-k:5+forced:x | cannot give forced ids: this server does not answer for ids by name",
        "top-k:21 | needs 21 entries of a position, the server gives 20; start the server with"
            + " --max-logprobs 21 or more",
        "top-p:0.9,max=40 | needs 40 entries",
      })
  void whatItCannotGiveIsRefusedBeforeAnyWork(String statistic, String said) {
    try (ServedTeacher teacher = open(new VllmApi(), "")) {
      int asked = server.requests.get();
      UsageException e =
          assertThrows(UsageException.class, () -> teacher.check(selection(statistic)));
      assertTrue(String.valueOf(e.getMessage()).contains(said), e.getMessage());
      assertEquals(asked, server.requests.get());
    }
  }

  @Test
  void aTokenizerOfMoreIdsIsRefused() {
    try (ServedTeacher teacher = open(new VllmApi(), "")) {
      assertEquals(FakeModel.V, teacher.vocabulary());
      DataException e =
          assertThrows(DataException.class, () -> teacher.check(Selection.topK(99, 5)));
      assertTrue(e.getMessage().contains("predicts 98 ids"), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is no server's URL",
        "http://user:secret@h:1 | leave name and password out",
        "ftp://h:1 | is no server's URL",
        "http://h:1?x=1 | is no server's URL",
        "http://h:1,tokens=0 | tokens=0: need a whole number >= 1",
        "http://h:1,tokns=5 | no setting 'tokns=5'; present: [model, context",
        "http://h:1,model | no setting 'model'",
      })
  void wrongSettingsAreNamed(String argument, String said) {
    UsageException e =
        assertThrows(UsageException.class, () -> ServedSettings.parse("vllm", argument));
    assertTrue(String.valueOf(e.getMessage()).contains(said), e.getMessage());
    assertFalse(String.valueOf(e.getMessage()).contains("secret"), e.getMessage());
  }

  @Test
  void aTokenDoesNotTravelInTheClear() {
    ServedSettings far = ServedSettings.parse("vllm", "http://gpu.example:8000");
    UsageException e =
        assertThrows(
            UsageException.class,
            () -> BearerSecret.of(far, Map.of(BearerSecret.VARIABLE, "sesame")));
    assertTrue(String.valueOf(e.getMessage()).contains("in the clear"), e.getMessage());
    ServedSettings safe = ServedSettings.parse("vllm", "https://gpu.example;http://[::1]:8000");
    assertTrue(BearerSecret.of(safe, Map.of(BearerSecret.VARIABLE, "sesame")).isPresent());
  }

  @Test
  void noManifestNamesAServer() {
    assertEquals("vllm", TeacherName.parse("vllm:http://gpu-7.inside:8000").label());
    assertEquals(
        "vllm:model=org/m,tokens=5",
        TeacherName.parse("vllm:https://a:1/x;https://b:2,model=org/m,tokens=5").label());
  }

  @Test
  void anotherServiceIsNamed() {
    server.fault = (exchange, request) -> FakeServer.send(exchange, 200, "<html>hello</html>");
    DataException e = assertThrows(DataException.class, () -> open(new VllmApi(), ""));
    assertTrue(e.getMessage().contains("is it the right server?"), e.getMessage());
    server.fault = (exchange, request) -> FakeServer.send(exchange, 404, "not here");
    e = assertThrows(DataException.class, () -> open(new VllmApi(), ""));
    assertTrue(e.getMessage().contains("status 404 (not here); is it a vLLM server?"));
    e = assertThrows(DataException.class, () -> open(new SglangApi(), ""));
    assertTrue(e.getMessage().contains("is it an SGLang server?"), e.getMessage());
  }

  @Test
  void aModelThatIsNotThereIsNamedWithThoseThatAre() {
    DataException e = assertThrows(DataException.class, () -> open(new VllmApi(), ",model=other"));
    assertTrue(e.getMessage().contains("no model 'other'; it has [fake]"), e.getMessage());
  }

  private FakeServer.Reply right(ServedApi api, String path, JsonNode request) {
    return api instanceof VllmApi ? kind.reply(path, request) : sglang.reply(path, request);
  }

  private String wrong(ServedApi api, Consumer<ObjectNode> change) {
    server.fault =
        (exchange, request) -> {
          FakeServer.Reply reply = right(api, exchange.getRequestURI().getPath(), request);
          return FakeServer.send(exchange, reply.status(), reply.body());
        };
    try (ServedTeacher teacher = open(api, "")) {
      server.fault =
          (exchange, request) -> {
            FakeServer.Reply reply = right(api, exchange.getRequestURI().getPath(), request);
            ObjectNode answer = (ObjectNode) FakeServer.JSON.readTree(reply.body());
            change.accept(answer);
            return FakeServer.send(exchange, reply.status(), answer.toString());
          };
      TokenBatch batch = new TokenBatch(9, 6, new int[] {1, 2, 3, 4, 5, 6}, new int[6]);
      DataException e =
          assertThrows(DataException.class, () -> teacher.read(batch, selection("top-k:5")));
      assertTrue(e.getMessage().contains("sequence 9, positions 0 to 5"), e.getMessage());
      return e.getMessage();
    }
  }

  private final FakeSglang sglang = new FakeSglang();

  private static ObjectNode row(JsonNode answer, int row) {
    return (ObjectNode) answer.at("/choices/0/prompt_logprobs/" + row);
  }

  private void vllm(String said, Consumer<ObjectNode> change) {
    String message = wrong(new VllmApi(), change);
    assertTrue(message.contains(said), message);
  }

  @Test
  void wrongRowsOfVllmAreNamed() {
    ObjectNode entry = FakeServer.JSON.createObjectNode().put("logprob", -1.0).put("rank", 3);
    vllm("row 3: is null", all -> rows(all).setNull(3));
    vllm("has 6 rows for a prompt of 7 tokens", all -> rows(all).remove(6));
    vllm("token id 98 is outside the vocabulary", all -> row(all, 2).set("98", entry));
    vllm("entries, 5 were asked for, of mass", all -> keepFirst(row(all, 2)));
    vllm("has no log-prob (NaN or null)", all -> firstOf(row(all, 4)).putNull("logprob"));
    vllm("above 0: the server gives logits", all -> firstOf(row(all, 4)).put("logprob", 7.5));
    vllm("have a mass of", all -> row(all, 1).forEach(e -> ((ObjectNode) e).put("logprob", -1.0)));
    vllm("is about another prompt: its token 2", all -> echo(all).set(2, 9));
    vllm("need a whole number, found 'x'", all -> row(all, 2).set("x", entry));
    vllm("is an error, with status 200", all -> all.putObject("error").put("message", "no"));
    vllm("scored 3 tokens", all -> ((ObjectNode) all.get("usage")).put("prompt_tokens", 3));
    vllm(
        "it has not token 3, which the prompt goes on with",
        all -> {
          row(all, 2).remove("3");
          ((ObjectNode) all.at("/choices/0")).putNull("prompt_token_ids");
        });
    vllm("entries, 5 were asked", all -> many(row(all, 2), 20, entry));
  }

  private static void many(ObjectNode row, int from, ObjectNode entry) {
    for (int id = from; id < from + 12; id++) {
      row.set(String.valueOf(id), entry);
    }
  }

  private static ArrayNode rows(JsonNode answer) {
    return (ArrayNode) answer.at("/choices/0/prompt_logprobs");
  }

  private static ArrayNode echo(JsonNode answer) {
    return (ArrayNode) answer.at("/choices/0/prompt_token_ids");
  }

  private static ObjectNode firstOf(ObjectNode row) {
    return (ObjectNode) row.elements().next();
  }

  private static void keepFirst(ObjectNode row) {
    String first = row.fieldNames().next();
    row.retain(first);
  }

  /** Ids without mass are left out; -9999 is what one form writes for -inf. */
  @Test
  void minusInfinityIsNoEntry() {
    try (ServedTeacher teacher = open(new VllmApi(), "")) {
      server.fault =
          (exchange, request) -> {
            FakeServer.Reply reply = kind.reply(exchange.getRequestURI().getPath(), request);
            ObjectNode answer = (ObjectNode) FakeServer.JSON.readTree(reply.body());
            ObjectNode one = row(answer, 1);
            boolean first = true;
            for (JsonNode entry : one) {
              ((ObjectNode) entry).put("logprob", first ? -0.0 : -9999.0);
              first = false;
            }
            return FakeServer.send(exchange, 200, answer.toString());
          };
      TokenBatch batch = new TokenBatch(0, 2, new int[] {1, 2}, new int[2]);
      var answer = teacher.read(batch, selection("top-k:5"));
      assertEquals(1, answer.offsets()[1]);
      assertEquals(0f, answer.logProbs()[0]);
      assertEquals(Float.NEGATIVE_INFINITY, answer.logTail()[0]);
    }
  }

  private void sglang(String said, Consumer<ObjectNode> change) {
    String message =
        wrong(new SglangApi(), all -> change.accept((ObjectNode) all.get("meta_info")));
    assertTrue(message.contains(said), message);
  }

  @Test
  void wrongAnswersOfSglangAreNamed() {
    String values = "input_top_logprobs_val_flat_b64";
    sglang("is of type 'float16', need float32", meta -> meta.put(values + "_dtype", "float16"));
    sglang("is no base64", meta -> meta.put(values, "%%%"));
    sglang(
        "do not fit the shape [6, 4]",
        meta -> meta.withArray("input_top_logprobs_shape").set(1, 4));
    sglang("a router on the way may have dropped", meta -> meta.remove(values));
    sglang("with auto-truncate cuts", meta -> meta.put("prompt_tokens", 5));
    sglang(
        "is about another prompt",
        meta -> ((ArrayNode) meta.at("/input_token_logprobs/2")).set(1, 9));
  }
}
