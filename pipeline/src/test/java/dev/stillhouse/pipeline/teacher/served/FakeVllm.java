package dev.stillhouse.pipeline.teacher.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Answers as vLLM 0.32 does, in the forms of the recorded answers. */
public final class FakeVllm implements FakeServer.Kind {
  static final int LENGTH = 64;

  int maxTop = 20;
  public boolean scaleOut;
  boolean forced;

  /** Whether ids by name are one list for all rows, as older servers have it. */
  boolean forcedList;

  String version = "0.32.0";
  String model = "fake";
  boolean rawLogits;

  /** How much the mass of a row's entries is above 1, if it is. */
  public double excess;

  @Override
  public FakeServer.Reply reply(String path, JsonNode request) {
    return switch (path) {
      case "/version" -> ok(FakeServer.JSON.createObjectNode().put("version", version));
      case "/v1/models" -> {
        ObjectNode all = FakeServer.JSON.createObjectNode().put("object", "list");
        all.putArray("data")
            .addObject()
            .put("id", model)
            .put("root", "/srv/secret-place/fake")
            .put("max_model_len", LENGTH)
            .putNull("parent");
        yield ok(all);
      }
      case "/v1/completions" -> completions(request);
      case "/inference/v1/generate" ->
          scaleOut ? generate(request) : error(403, "Scale-out endpoints are disabled.");
      default -> FakeServer.Reply.NOT_FOUND;
    };
  }

  private static FakeServer.Reply ok(JsonNode body) {
    return new FakeServer.Reply(200, body.toString());
  }

  private static FakeServer.Reply error(int status, String message) {
    ObjectNode body = FakeServer.JSON.createObjectNode();
    body.putObject("error").put("message", message).put("code", status);
    return new FakeServer.Reply(status, body.toString());
  }

  private FakeServer.Reply completions(JsonNode request) {
    int[] prompt = FakeServer.JSON.convertValue(request.get("prompt"), int[].class);
    int k = request.get("prompt_logprobs").asInt();
    Optional<FakeServer.Reply> refusal = refusal(prompt, k, request.get("model").asText());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    ObjectNode all = FakeServer.JSON.createObjectNode().put("id", "cmpl-1").put("model", model);
    ObjectNode choice = all.putArray("choices").addObject().put("index", 0).put("text", " I");
    choice.set("prompt_logprobs", rows(prompt, k, true));
    choice.set("prompt_token_ids", FakeServer.JSON.valueToTree(prompt));
    all.putObject("usage").put("prompt_tokens", prompt.length);
    return ok(all);
  }

  private FakeServer.Reply generate(JsonNode request) {
    int[] prompt = FakeServer.JSON.convertValue(request.get("token_ids"), int[].class);
    JsonNode sampling = request.get("sampling_params");
    int k = sampling.get("prompt_logprobs").asInt();
    Optional<FakeServer.Reply> refusal = refusal(prompt, k, request.get("model").asText());
    if (refusal.isPresent()) {
      return refusal.get();
    }
    JsonNode wanted = sampling.path("prompt_logprob_token_ids");
    if (!wanted.isMissingNode() && forced && wanted.get(0).isArray() == forcedList) {
      return error(400, "prompt_logprob_token_ids: this is not its form");
    }
    if (!wanted.isMissingNode() && !forced) {
      return error(400, "prompt_logprob_token_ids needs the V2 model runner");
    }
    ObjectNode all = FakeServer.JSON.createObjectNode().put("request_id", "1");
    all.putObject("usage").put("prompt_tokens", prompt.length);
    all.set("prompt_logprobs", rows(prompt, k, false));
    all.set(
        "prompt_token_id_logprobs",
        wanted.isMissingNode()
            ? FakeServer.JSON.nullNode()
            : FakeServer.JSON.valueToTree(npy(prompt, wanted)));
    all.set("prompt_token_ids", FakeServer.JSON.valueToTree(prompt));
    all.putArray("choices").addObject().put("index", 0).putNull("logprobs");
    return ok(all);
  }

  private Optional<FakeServer.Reply> refusal(int[] prompt, int k, String asked) {
    int wanted = k == -1 ? FakeModel.V : k;
    if (!asked.equals(model)) {
      return Optional.of(error(404, "The model `" + asked + "` does not exist."));
    }
    if (wanted > maxTop) {
      return Optional.of(
          error(
              400,
              "Requested prompt logprobs of "
                  + wanted
                  + ", which is greater than max allowed: "
                  + maxTop
                  + " (parameter=prompt_logprobs, value="
                  + wanted
                  + ")"));
    }
    if (prompt.length >= LENGTH) {
      return Optional.of(error(400, "max_tokens must be at least 1, got 0."));
    }
    return Optional.empty();
  }

  private ArrayNode rows(int[] prompt, int k, boolean text) {
    ArrayNode rows = FakeServer.JSON.createArrayNode().addNull();
    for (int row = 1; row < prompt.length; row++) {
      float[] logProbs = FakeModel.logProbs(prompt, row);
      ObjectNode entries = rows.addObject();
      int[] order = FakeModel.order(logProbs);
      int count = k == -1 ? FakeModel.V : k;
      if (excess > 0) {
        double others = 0;
        for (int i = 1; i < count; i++) {
          others += Math.exp(logProbs[order[i]]);
        }
        logProbs[order[0]] = (float) Math.log(1 + excess - others);
      }
      entry(entries, logProbs, prompt[row], text);
      for (int i = 0; i < count; i++) {
        entry(entries, logProbs, order[i], text);
      }
    }
    return rows;
  }

  private void entry(ObjectNode entries, float[] logProbs, int id, boolean text) {
    entries
        .putObject(String.valueOf(id))
        .put("logprob", (double) logProbs[id] + (rawLogits ? 20 : 0))
        .put("rank", FakeModel.rank(logProbs, id))
        .put("decoded_token", text ? "\"]}," + id : null);
  }

  private static String npy(int[] prompt, JsonNode wanted) {
    int rows = prompt.length - 1;
    boolean list = !wanted.get(0).isArray();
    int width = list ? wanted.size() : wanted.get(0).size();
    String header =
        String.format("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, width);
    header = header + " ".repeat(117 - header.length()) + "\n";
    ByteBuffer out =
        ByteBuffer.allocate(10 + header.length() + 4 * rows * width).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) 1).put((byte) 0).putShort((short) header.length());
    out.put(header.getBytes(StandardCharsets.US_ASCII));
    for (int row = 1; row <= rows; row++) {
      float[] logProbs = FakeModel.logProbs(prompt, row);
      for (JsonNode id : list ? wanted : wanted.get(row - 1)) {
        out.putFloat(logProbs[id.asInt()]);
      }
    }
    return Base64.getEncoder().encodeToString(out.array());
  }
}
